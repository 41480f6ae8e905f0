package dev.settle.load.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The scenarios: what each stresses, what a good result is, and what it does unless told otherwise.
 */
public enum Scenario {
  STEADY(
      "steady",
      Steady.class,
      new Defaults(500, "sales a second", Duration.ofSeconds(60), 200),
      "single sales at a steady rate, open loop: a quiet day",
      "every sale accepted, p99 under 200 ms, everything posted within seconds"),
  PEAK_HOUR(
      "peak-hour",
      PeakHour.class,
      new Defaults(1_500, "sales a second", Duration.ofSeconds(75), 1_000),
      "sales swell from a fifth of the rate to all of it, stay there and ebb away: a day in a minute",
      "every sale accepted, p99 at the peak under 500 ms, everything posted within seconds"),
  CARD_CHANGE_STORM(
      "card-change-storm",
      CardChangeStorm.class,
      new Defaults(300, "sales a second", Duration.ofSeconds(60), 1_000),
      "cards change, one for every 50 sales, while all merchants sell",
      "sale p99 under 250 ms, approval p99 under 2 s, each later sale to the new card, none sent to a superseded one"),
  REPLAY_FLOOD(
      "replay-flood",
      ReplayFlood.class,
      new Defaults(800, "replays a second", Duration.ofSeconds(60), 200),
      "terminals send old sales again and again, some of them changed, beside new ones",
      "each replay answered with the first credit, each changed one refused, nothing owed twice, new sales' p99 under 250 ms"),
  FROZEN_WAVE(
      "frozen-wave",
      FrozenWave.class,
      new Defaults(300, "sales a second", Duration.ofSeconds(75), 200),
      "a tenth of the merchants is frozen in one wave and thawed in another, with a backlog of held sales, while the others sell",
      "all held and then all posted; the others' accept p99 under 500 ms and posting p99 under 3 s meanwhile"),
  HOT_MERCHANT(
      "hot-merchant",
      HotMerchant.class,
      new Defaults(800, "sales a second", Duration.ofSeconds(60), 200),
      "one merchant makes four of five sales, changes his card, is frozen and thawed meanwhile",
      "p99 of his and the others' sales under 250 ms, each order about him answered within 2 s, everything posted"),
  BANK_OUTAGE(
      "bank-outage",
      BankOutage.class,
      new Defaults(500, "sales a second", Duration.ofSeconds(75), 1_000),
      "the bank is down for a while under a steady rate of sales",
      "every sale accepted, p99 under 200 ms before and during, what waits says RAIL_UNAVAILABLE, all drained within 90 s"),
  SLOW_ACCOUNT(
      "slow-account",
      SlowAccount.class,
      new Defaults(300, "sales a second", Duration.ofSeconds(75), 1_000),
      "the bank answers 10 s late for one account among all",
      "the others' posting p95 under 500 ms and p99 under 2.5 s meanwhile, the slow one's sales posted in the end"),
  BULK_UPLOAD(
      "bulk-upload",
      BulkUpload.class,
      new Defaults(4, "uploads of 10,000 lines at once", Duration.ofSeconds(60), 200),
      "acquirers upload one file after the other, while terminals sell 100 sales a second",
      "every line answered in order, the bad one of each file refused alone, single sales' p99 under 1 s and none refused"),
  OVERLOAD(
      "overload",
      List.of(
          PeakGoodput.class,
          Overload.class,
          PeakGoodput.class,
          Overload.class,
          PeakGoodput.class,
          Overload.class,
          PeakGoodput.class),
      new Defaults(5, "times the peak goodput", Duration.ofSeconds(140), 200),
      "five times as much is offered as the router can record, open loop, in files of 5,000 lines",
      "goodput at least 90 % of the peak, the rest hears 503 with Retry-After, what is taken is answered within 5 s, memory flat"),
  SOAK(
      "soak",
      Soak.class,
      new Defaults(800, "sales a second", Duration.ofMinutes(5), 1_000),
      "a long day: single sales, files, card changes, freezes and thaws",
      "the last third as fast as the first, memory flat, nothing refused, everything posted");

  /**
   * What is done unless the command line says otherwise.
   *
   * @param rate a number of what {@code unit} says
   * @param merchants that the demo onboards for it
   */
  public record Defaults(int rate, String unit, Duration lasts, int merchants) {}

  private final String text;
  private final List<Class<? extends LoadSimulation>> simulations;
  private final Defaults defaults;
  private final String stresses;
  private final String good;

  Scenario(
      String text,
      Class<? extends LoadSimulation> simulation,
      Defaults defaults,
      String stresses,
      String good) {
    this(text, List.of(simulation), defaults, stresses, good);
  }

  Scenario(
      String text,
      List<Class<? extends LoadSimulation>> simulations,
      Defaults defaults,
      String stresses,
      String good) {
    this.text = text;
    this.simulations = simulations;
    this.defaults = defaults;
    this.stresses = stresses;
    this.good = good;
  }

  /** Its name on the command line. */
  public String text() {
    return text;
  }

  /** What Gatling plays, one after the other. */
  public List<Class<? extends LoadSimulation>> simulations() {
    return simulations;
  }

  /**
   * Whether the router and who sends run on processors of their own, where the system allows it.
   */
  public boolean apart() {
    return this == OVERLOAD;
  }

  public Defaults defaults() {
    return defaults;
  }

  /** What it stresses, for people. */
  public String stresses() {
    return stresses;
  }

  /** What a good result looks like, for people. */
  public String good() {
    return good;
  }

  /** The scenario of that name. */
  public static Optional<Scenario> parse(String text) {
    return Arrays.stream(values()).filter(scenario -> scenario.text.equals(text)).findFirst();
  }
}
