package dev.settle.sandbox.bank;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Puts together from the lines of the books what the bank knew when it stopped. */
final class Recall implements BooksFile.LineConsumer {
  private final Decisions decisions;
  private final TestCredits testCredits;
  private final Totals totals;
  private final Set<String> courses = new LinkedHashSet<>();
  private final Map<String, Notice> owed = new LinkedHashMap<>();
  private Instant last = Instant.EPOCH;

  Recall(Decisions decisions, TestCredits testCredits, Totals totals) {
    this.decisions = decisions;
    this.testCredits = testCredits;
    this.totals = totals;
  }

  @Override
  public void accept(FileLine line) throws IOException {
    if (line instanceof BookLine book) {
      last = book.instant();
      recall(book);
    } else if (line instanceof OutboxLine notice) {
      recall(notice);
    }
  }

  private void recall(OutboxLine notice) {
    String body = notice.body();
    if (body == null) {
      owed.remove(notice.id());
    } else {
      owed.put(notice.id(), new Notice(notice.id(), body, 0));
    }
  }

  private void recall(BookLine line) throws IOException {
    switch (line.entry()) {
      case TEST_CREDIT -> testCredits.keep(line.endToEndId(), line.account());
      case RETURN -> returned(line);
      case ACCEPTED, REJECTED -> decided(line);
      case CREDIT -> {
        decided(line);
        totals.add(line.currency(), line.amountMinor());
      }
    }
  }

  private void decided(BookLine line) {
    Course course = line.course();
    long asked = course == null ? line.amountMinor() : course.askedMinor();
    Decision decision =
        new Decision(line.content(), asked, line.currency(), line.verdict(), course);
    Decision accepted = decisions.find(line.endToEndId());
    decisions.put(
        line.endToEndId(),
        accepted == null || accepted.course() == null
            ? decision
            : accepted.with(accepted.course().withCredit()));
    if (course != null) {
      courses.add(line.endToEndId());
    }
  }

  private void returned(BookLine line) throws IOException {
    Decision decision = decisions.find(line.endToEndId());
    if (decision == null || decision.course() == null) {
      throw new IOException("returns what was never credited");
    }
    Course.Returned what = new Course.Returned(line.amountMinor(), line.verdict(), line.instant());
    decisions.put(line.endToEndId(), decision.with(decision.course().withReturn(what)));
  }

  /** The time of the last line. */
  Instant last() {
    return last;
  }

  /** Hands over each transfer that departs from the ordinary, with how far it came. */
  void courses(BiConsumer<String, Course> consumer) {
    for (String id : courses) {
      Decision decision = decisions.find(id);
      if (decision != null && decision.course() != null) {
        consumer.accept(id, decision.course());
      }
    }
  }

  /** The notifications that are not settled, the oldest first. */
  List<Notice> owed() {
    return new ArrayList<>(owed.values());
  }
}
