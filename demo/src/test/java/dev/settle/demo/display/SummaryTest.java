package dev.settle.demo.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Verdict HELD = new Verdict("I1", "Acknowledged is durable", List.of());
  private static final Verdict BROKEN =
      new Verdict("I6", "Paid at most once", List.of("C1 was paid twice"));

  private static Summary summary(List<Verdict> verdicts, List<String> faults) {
    Amounts frozen = amounts(3, 1_050);
    return new Summary(
        30.04,
        1,
        amounts(103, 101_050),
        amounts(100, 100_000),
        frozen,
        new TreeMap<>(Map.of("ACCOUNT_FROZEN", frozen)),
        4,
        5,
        6,
        9,
        7,
        0,
        0,
        8,
        new Stories(
            new TreeMap<>(Map.of("cardChange", 2L, "blockedCard", 0L)),
            List.of("blockedCard of merchant 9: not ended")),
        new Staleness(new Quantiles(2.0, 9.5, 11.0), new TreeMap<>(Map.of(10.0, 4L))),
        new Quantiles(1.5, 20.0, 30.25),
        Quantiles.NONE,
        new TreeMap<>(Map.of("CNY", 0L)),
        verdicts,
        0,
        faults);
  }

  private static Amounts amounts(long count, long minor) {
    return new Amounts(count, new TreeMap<>(Map.of("CNY", minor)));
  }

  @Test
  void theJsonHasTheKeysOfTheContract() {
    JsonObject json = SummaryJson.of(summary(List.of(HELD, BROKEN), List.of()));
    assertThat(json.fieldNames())
        .contains(
            "seconds",
            "nodes",
            "accepted",
            "posted",
            "unposted",
            "replayed",
            "refused",
            "rerouted",
            "released",
            "staleLookupsCaught",
            "returned",
            "inDoubt",
            "cardChanges",
            "bindingStalenessMs",
            "acceptLatencyMs",
            "postedLatencyMs",
            "conservationDeltaMinor",
            "invariants");
    assertThat(json.getJsonObject("accepted"))
        .isEqualTo(new JsonObject("{\"count\":103,\"amountMinor\":{\"CNY\":101050}}"));
    assertThat(
            json.getJsonObject("unposted")
                .getJsonObject("byReason")
                .getJsonObject("ACCOUNT_FROZEN"))
        .isEqualTo(new JsonObject("{\"count\":3,\"amountMinor\":{\"CNY\":1050}}"));
    assertThat(json.getJsonObject("invariants"))
        .isEqualTo(new JsonObject("{\"I1\":\"held\",\"I6\":\"broken\"}"));
    assertThat(json.getJsonObject("bindingStalenessMs").getMap())
        .containsOnlyKeys("p50", "p99", "max", "upTo");
  }

  @Test
  void theJsonCountsStoriesByKindAndNamesTheFailedOnes() {
    JsonObject json = SummaryJson.of(summary(List.of(HELD), List.of()));
    assertThat(json.getInteger("cardChanges")).isEqualTo(8);
    assertThat(json.getInteger("rerouted")).isEqualTo(6);
    assertThat(json.getInteger("released")).isEqualTo(9);
    assertThat(json.getInteger("staleLookupsCaught")).isEqualTo(7);
    assertThat(json.getJsonObject("stories"))
        .isEqualTo(
            new JsonObject(
                """
                {"cardChange":2,"blockedCard":0,"failed":["blockedCard of merchant 9: not ended"]}"""));
  }

  @Test
  void aStoryThatFailedIsSaid() {
    assertThat(SummaryText.lines(summary(List.of(HELD), List.of())))
        .anyMatch(line -> line.contains("STORY FAILED") && line.contains("merchant 9"))
        .anyMatch(line -> line.contains("cardChange"));
  }

  @Test
  void releasedCreditsAreSaid() {
    assertThat(SummaryText.lines(summary(List.of(HELD), List.of())))
        .anyMatch(line -> line.matches(" *released +9"));
  }

  @Test
  void aBrokenInvariantOrAFaultIsNotGood() {
    assertThat(summary(List.of(HELD), List.of()).good()).isTrue();
    assertThat(summary(List.of(HELD, BROKEN), List.of()).good()).isFalse();
    assertThat(summary(List.of(HELD), List.of("node-0 could not be kept alive")).good()).isFalse();
  }

  @Test
  void peopleReadAmountsInMajorUnitsAndWhatIsBroken() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SummaryText.print(
        summary(List.of(BROKEN), List.of()),
        new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), 0, true, true));
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains(
            "CNY             1,010.50", "BROKEN", "C1 was paid twice", "A promise was broken.");
    assertThat(text).doesNotContain("\u001b");
  }

  @Test
  void columnsAreTheSameFromTopToBottom() {
    Summary summary = summary(List.of(HELD), List.of());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SummaryText.print(
        summary, new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), 0, true, true));
    List<String> text = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(text).contains("Summary after 30.0 s, 1 node");
    assertThat(text)
        .contains(
            "  Money                               credits                     amount",
            "  accepted                                103   CNY             1,010.50",
            "  What happened                         times",
            "  replayed                                  4",
            "  How fast                                p50          p99           max",
            "  accept latency                       1.5 ms      20.0 ms       30.3 ms",
            "  posted latency                            -            -             -");
    assertThat(text.stream().mapToInt(String::length).max().orElseThrow()).isLessThan(80);
  }

  @Test
  void coloursAreForTerminals() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Screen screen = new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), 80, true, true);
    SummaryText.print(summary(List.of(BROKEN), List.of()), screen);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\u001b[31mBROKEN");
  }
}
