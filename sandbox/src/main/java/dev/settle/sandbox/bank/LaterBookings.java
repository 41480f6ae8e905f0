package dev.settle.sandbox.bank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What the bank still has to do with accepted transfers, by when it is due. It holds at most three
 * steps for each transfer that departs from the ordinary, and none once they are done; the books
 * hold the same, so that a restart finds them again.
 */
final class LaterBookings {
  /** Steps that are done in one go, so that transfers never wait long behind them. */
  static final int MAX_AT_ONCE = 2_000;

  /** How long before its booking a return is announced. */
  private static final long NOTICE_MS = 1_000;

  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::dueMs).thenComparing(Step::kind));
  private volatile long nextDueMs = Long.MAX_VALUE;

  /** Keeps what is still to be done on this course. */
  void plan(String endToEndId, Course course) {
    if (!course.credited()) {
      steps.add(new Step(course.creditDueMs(), Kind.CREDIT, endToEndId));
    }
    if (course.returns() && course.returned() == null) {
      long announced = Math.max(course.creditDueMs(), course.returnDueMs() - NOTICE_MS);
      steps.add(new Step(announced, Kind.ANNOUNCE, endToEndId));
      steps.add(new Step(course.returnDueMs(), Kind.RETURN, endToEndId));
    }
    publish();
  }

  /** Takes the steps that are due at {@code nowMs}, the earliest first, a bounded number. */
  List<Step> take(long nowMs) {
    List<Step> due = new ArrayList<>();
    for (Step next = steps.peek();
        next != null && next.dueMs() <= nowMs && due.size() < MAX_AT_ONCE;
        next = steps.peek()) {
      due.add(steps.remove());
    }
    publish();
    return due;
  }

  /** Puts steps back that could not be done. */
  void putBack(List<Step> undone) {
    steps.addAll(undone);
    publish();
  }

  /** Whether something is due; for any thread. */
  boolean isDue(long nowMs) {
    return nextDueMs <= nowMs;
  }

  private void publish() {
    Step next = steps.peek();
    nextDueMs = next == null ? Long.MAX_VALUE : next.dueMs();
  }

  /** What is done, in the order in which a transfer meets it. */
  enum Kind {
    CREDIT,
    /** Says that the money will go back: nothing is booked yet. */
    ANNOUNCE,
    RETURN
  }

  /** One thing to do with one transfer. */
  record Step(long dueMs, Kind kind, String endToEndId) {}
}
