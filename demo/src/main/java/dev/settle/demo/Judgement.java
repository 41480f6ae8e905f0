package dev.settle.demo;

import dev.settle.demo.display.Amounts;
import dev.settle.demo.display.Quantiles;
import dev.settle.demo.display.Staleness;
import dev.settle.demo.display.Stories;
import dev.settle.demo.display.Summary;
import dev.settle.demo.display.Verdict;
import dev.settle.demo.story.StoryCounts;
import dev.settle.demo.story.StoryDirector;
import dev.settle.demo.terminal.TerminalTraffic;
import dev.settle.router.invariant.Invariant;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.InvariantReport.Total;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the summary of a run together: from the check of the invariants, the book, the nodes'
 * metrics and what terminals saw.
 */
final class Judgement {

  private Judgement() {}

  /** Reasons of what may or may not have been paid. */
  private static final List<String> DOUBTS = List.of("IN_DOUBT", "DOUBT_UNRESOLVED", "DUPLICATE");

  /** The summary; {@code since} is the database's time when terminals began. */
  static Summary summary(
      double seconds,
      InvariantReport report,
      Book book,
      Timestamp since,
      LiveFigures figures,
      @Nullable TerminalTraffic traffic,
      @Nullable StoryDirector stories,
      List<String> faults)
      throws SQLException {
    SortedMap<String, Amounts> byReason = new TreeMap<>();
    report.unpostedByReason().forEach((reason, total) -> byReason.put(reason, amounts(total)));
    return new Summary(
        seconds,
        figures.nodes(),
        amounts(report.accepted()),
        amounts(report.posted()),
        amounts(report.unposted()),
        byReason,
        figures.replayed(),
        figures.refused(),
        figures.rerouted(),
        figures.released(),
        figures.staleLookupsCaught(),
        book.returned(),
        DOUBTS.stream()
            .mapToLong(reason -> byReason.getOrDefault(reason, Amounts.NONE).count())
            .sum(),
        figures.cardChanges(),
        stories == null ? Stories.NONE : played(stories.counts()),
        new Staleness(figures.staleness().quantiles(), figures.staleness().upTo()),
        traffic == null ? Quantiles.NONE : Quantiles.ofMicros(traffic.latency().total()),
        book.postedLatency(since),
        new TreeMap<>(report.conservationDeltas()),
        verdicts(report),
        traffic == null ? 0 : traffic.counts().unanswered.sum(),
        List.copyOf(faults));
  }

  private static Stories played(StoryCounts counts) {
    return new Stories(counts.byKind(), counts.failed());
  }

  static List<Verdict> verdicts(InvariantReport report) {
    return Arrays.stream(Invariant.values())
        .map(i -> new Verdict(i.name(), i.promise(), report.violations(i)))
        .toList();
  }

  private static Amounts amounts(Total total) {
    return new Amounts(total.credits(), new TreeMap<>(total.byCurrency()));
  }
}
