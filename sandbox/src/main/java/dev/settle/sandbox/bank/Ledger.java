package dev.settle.sandbox.bank;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bank's decisions, by end-to-end id in memory and in the books file before anybody is told.
 * Used by one thread at a time; that is what makes two requests with the same id one booking.
 *
 * <p>What the notifier is given is in the books with the booking that it tells of, in one write:
 * neither is there without the other.
 */
final class Ledger implements AutoCloseable {
  private final Clock clock;
  private final Rules rules;
  private final Notices notices;
  private final Consumer<List<Notice>> notifier;
  private final BooksFile file;
  private final Decisions decisions = new Decisions();
  private final LaterBookings later = new LaterBookings();
  private final TestCredits testCredits = new TestCredits();
  private final Totals totals = new Totals();
  private final LineBuffer lines = new LineBuffer();
  private Instant last;

  /** Opens the books in {@code path} and recalls all that is in them. Blocking. */
  Ledger(Path path, Clock clock, Rules rules, Notices notices, Consumer<List<Notice>> notifier)
      throws IOException {
    this.clock = clock;
    this.rules = rules;
    this.notices = notices;
    this.notifier = notifier;
    Recall recall = new Recall(decisions, testCredits, totals);
    this.file = BooksFile.open(path, recall);
    this.last = recall.last();
    recall.courses(later::plan);
    notifier.accept(recall.owed());
  }

  /**
   * Decides the transfers in their order, one decision each; after a failure none of them is
   * decided.
   */
  List<Decision> decide(List<Transfer> transfers) throws IOException {
    Bulk bulk = new Bulk(now(), transfers.size());
    lines.reset();
    for (Transfer transfer : transfers) {
      bulk.answers.add(decide(transfer, bulk));
    }
    append(bulk.told);
    bulk.fresh.forEach(this::keep);
    notifier.accept(bulk.told);
    return bulk.answers;
  }

  private Decision decide(Transfer transfer, Bulk bulk) throws IOException {
    long content = transfer.content();
    Decision earlier = known(transfer.endToEndId(), bulk.fresh);
    if (earlier != null) {
      return earlier.content() == content ? earlier : Decision.duplicate(transfer);
    }
    Decision decision = rules.decide(transfer, content, last.toEpochMilli());
    bulk.fresh.put(transfer.endToEndId(), decision);
    lines.add(BookLine.of(transfer, bulk.at, decision));
    if (bulk.tellsAll || decision.course() != null || decision.verdict() == Verdict.AC15) {
      notices.decided(transfer, decision, bulk.at, bulk.told);
    }
    return decision;
  }

  /** What is decided about the id, in what is about to be written or before. */
  private @Nullable Decision known(String endToEndId, Map<String, Decision> unwritten) {
    Decision newer = unwritten.get(endToEndId);
    return newer == null ? decisions.find(endToEndId) : newer;
  }

  private void keep(String endToEndId, Decision decision) {
    decisions.put(endToEndId, decision);
    long booked = decision.bookedMinor();
    if (booked > 0) {
      totals.add(decision.currency(), booked);
    }
    if (decision.course() != null) {
      later.plan(endToEndId, decision.course());
    }
  }

  /** Writes the gathered lines together with the notices that come of them. */
  private void append(List<Notice> told) throws IOException {
    for (Notice notice : told) {
      lines.add(new OutboxLine(notice.id(), notice.body()));
    }
    lines.appendTo(file);
  }

  /** Whether {@link #bookDue} has something to do; for any thread. */
  boolean isDue() {
    return later.isDue(clock.millis());
  }

  /** Books the later credits and returns that are due; after a failure they are still due. */
  void bookDue() throws IOException {
    String at = now();
    List<LaterBookings.Step> due = later.take(clock.millis());
    Map<String, Decision> changed = new HashMap<>();
    List<Notice> told = new ArrayList<>();
    lines.reset();
    try {
      for (LaterBookings.Step step : due) {
        take(step, at, changed, told);
      }
      append(told);
    } catch (IOException e) {
      later.putBack(due);
      throw e;
    }
    changed.forEach(decisions::put);
    for (LaterBookings.Step step : due) {
      Decision decision = changed.get(step.endToEndId());
      if (step.kind() == LaterBookings.Kind.CREDIT && decision != null) {
        totals.add(decision.currency(), decision.bookedMinor());
      }
    }
    notifier.accept(told);
  }

  private void take(
      LaterBookings.Step step, String at, Map<String, Decision> changed, List<Notice> told)
      throws IOException {
    String id = step.endToEndId();
    Decision now = known(id, changed);
    Course course = now == null ? null : now.course();
    if (now == null || course == null) {
      throw new IllegalStateException("a step without its transfer: " + id);
    }
    switch (step.kind()) {
      case CREDIT -> {
        lines.add(BookLine.later(id, now, course, at, Entry.CREDIT));
        changed.put(id, now.with(course.withCredit()));
        notices.credited(id, now, course, at, told);
      }
      case ANNOUNCE -> notices.announced(id, now, course, at, told);
      case RETURN -> {
        lines.add(BookLine.later(id, now, course, at, Entry.RETURN));
        changed.put(id, now.with(course.withReturn(returned(course))));
        notices.returned(id, now, course, at, told);
      }
    }
  }

  private Course.Returned returned(Course course) {
    return new Course.Returned(course.bookedMinor(), course.returnReason(), last);
  }

  /** Remembers that these notifications need not be sent again. */
  void settled(List<String> noticeIds) throws IOException {
    lines.reset();
    for (String id : noticeIds) {
      lines.add(new OutboxLine(id, null));
    }
    lines.appendTo(file);
  }

  /**
   * Books the test credit, unless the account rejects credits. The same {@code requestId} again
   * books nothing and is answered as before; for another account it is answered DUPL, like a
   * transfer under a used id.
   */
  TestCredit testCredit(String account, @Nullable String requestId) throws IOException {
    Verdict verdict = Verdict.on(account);
    String id = testCredits.id(requestId);
    String earlier = testCredits.account(id);
    if (earlier != null) {
      return earlier.equals(account)
          ? new TestCredit(id, verdict)
          : new TestCredit(null, Verdict.DUPL);
    }
    if (!verdict.booked()) {
      return new TestCredit(null, verdict);
    }
    lines.reset();
    lines.add(TestCredits.line(id, account, now()));
    lines.appendTo(file);
    testCredits.keep(id, account);
    return new TestCredit(id, verdict);
  }

  /** What was decided about the id, as it is now; null if it was never received. */
  @Nullable Decision find(String endToEndId) {
    return decisions.find(endToEndId);
  }

  /** What was decided about each of the ids, in their order, all at one point in time. */
  List<@Nullable Decision> findAll(List<String> endToEndIds) {
    List<@Nullable Decision> found = new ArrayList<>(endToEndIds.size());
    endToEndIds.forEach(id -> found.add(decisions.find(id)));
    return found;
  }

  /** The totals of all credits up to now. */
  Totals totals() {
    return totals.copy();
  }

  Path path() {
    return file.path();
  }

  /** A clock that was set back must not put a booking before an earlier one. */
  private String now() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    last = now.isAfter(last) ? now : last;
    return last.toString();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** One request's work. */
  private final class Bulk {
    final String at;
    final boolean tellsAll = notices.wantsAll();
    final List<Decision> answers;
    final Map<String, Decision> fresh;
    final List<Notice> told = new ArrayList<>();

    Bulk(String at, int transfers) {
      this.at = at;
      this.answers = new ArrayList<>(transfers);
      this.fresh = new LinkedHashMap<>(2 * transfers);
    }
  }
}
