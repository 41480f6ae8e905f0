package dev.settle.router.telemetry;

import static dev.settle.router.telemetry.MetricName.BOOK_READ_AGE;
import static dev.settle.router.telemetry.MetricName.CONSERVATION_DELTA;
import static dev.settle.router.telemetry.MetricName.IN_DOUBT_CREDITS;
import static dev.settle.router.telemetry.MetricName.IN_DOUBT_OLDEST;
import static dev.settle.router.telemetry.MetricName.RAIL_WAITING;
import static dev.settle.router.telemetry.MetricName.UNPOSTED_AMOUNT;
import static dev.settle.router.telemetry.MetricName.UNPOSTED_BY_AGE;
import static dev.settle.router.telemetry.MetricName.UNPOSTED_CREDITS;
import static dev.settle.router.telemetry.MetricName.UNPOSTED_OLDEST;

import dev.settle.router.credit.UnpostedStore;
import dev.settle.router.credit.UnpostedTotals;
import dev.settle.router.credit.UnpostedTotals.Line;
import dev.settle.router.explanation.Reason;
import dev.settle.router.explanation.WhoActs;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Paced;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauges of the book, read from the database once a second and not at each scrape, so that a
 * scrape costs the same however often it comes. What is open has to be counted for it: with a
 * hundred thousand departures that takes long enough to be felt by sales, so the longer a reading
 * took, the later is the next one. How old they are is a gauge of its own.
 */
public final class BookGauges {

  private static final Logger LOG = LoggerFactory.getLogger(BookGauges.class);

  /** Reasons of what may or may not have been paid. */
  private static final Set<String> DOUBTS = Set.of("IN_DOUBT", "DOUBT_UNRESOLVED", "DUPLICATE");

  /** Reasons of what gets on without anybody's move. */
  private static final Set<String> ON_ITS_WAY =
      Stream.of(Reason.values())
          .filter(r -> r.whoActs() == WhoActs.ROUTER || r.whoActs() == WhoActs.RAIL)
          .map(Reason::name)
          .collect(Collectors.toUnmodifiableSet());

  private final Paced readings;
  private final UnpostedStore store;
  private final Consumer<UnpostedStore.Book> also;
  private final MultiGauge credits;
  private final MultiGauge amounts;
  private final MultiGauge oldest;
  private final MultiGauge byAge;
  private final MultiGauge deltas;
  private final MultiGauge inDoubt;
  private final MultiGauge inDoubtOldest;
  private final MultiGauge waiting;
  private volatile long readAt = System.nanoTime();
  private final Map<MetricName, Map<Tags, List<Line>>> seen = new EnumMap<>(MetricName.class);

  /**
   * @param rails whose figures are shown from the start, as 0
   * @param also is given every reading, so that nobody else has to read the book every second
   */
  public BookGauges(
      Vertx vertx,
      UnpostedStore store,
      List<String> rails,
      PrometheusMeterRegistry registry,
      Consumer<UnpostedStore.Book> also) {
    this.readings =
        new Paced(
            vertx,
            LOG,
            "the book could not be read for its gauges",
            Limits.BOOK_READ_EVERY,
            Limits.BOOK_READ_AT_LEAST_EVERY,
            Limits.BOOK_READING_SHARE,
            () -> readOnce().map(read -> false));
    this.store = store;
    this.also = also;
    this.credits = multi(UNPOSTED_CREDITS, registry);
    this.amounts = multi(UNPOSTED_AMOUNT, registry);
    this.oldest = multi(UNPOSTED_OLDEST, registry);
    this.byAge = multi(UNPOSTED_BY_AGE, registry);
    this.deltas = multi(CONSERVATION_DELTA, registry);
    this.inDoubt = multi(IN_DOUBT_CREDITS, registry);
    this.inDoubtOldest = multi(IN_DOUBT_OLDEST, registry);
    this.waiting = multi(RAIL_WAITING, registry);
    for (MetricName name : List.of(IN_DOUBT_CREDITS, IN_DOUBT_OLDEST, RAIL_WAITING)) {
      rails.forEach(rail -> groups(name).put(Tags.of("rail", rail), List.of()));
    }
    Gauge.builder(BOOK_READ_AGE.meterName(), () -> (System.nanoTime() - readAt) / 1e9)
        .description(BOOK_READ_AGE.help())
        .register(registry);
  }

  private static MultiGauge multi(MetricName name, PrometheusMeterRegistry registry) {
    return MultiGauge.builder(name.meterName()).description(name.help()).register(registry);
  }

  /**
   * Reads now, and from then on so that all readings take a fiftieth of the time, in bounds. Ends
   * as the first reading does.
   */
  public Future<Void> start() {
    return readOnce().onComplete(read -> readings.start());
  }

  private Future<Void> readOnce() {
    return store
        .book()
        .onSuccess(book -> show(book.totals()))
        .onSuccess(book -> showDeltas(book.deltas()))
        .onSuccess(also::accept)
        .mapEmpty();
  }

  private void show(UnpostedTotals totals) {
    ToDoubleFunction<List<Line>> count = group -> group.stream().mapToLong(Line::credits).sum();
    ToDoubleFunction<List<Line>> minor = group -> group.stream().mapToLong(Line::amountMinor).sum();
    ToDoubleFunction<List<Line>> age =
        group ->
            group.stream()
                .mapToDouble(
                    line -> Duration.between(line.oldest(), totals.takenAt()).toMillis() / 1e3)
                .max()
                .orElse(0);
    Function<Line, Tags> byReason =
        line -> Tags.of("currency", line.currency(), "reason", line.reason());
    Function<Line, Tags> byRail = line -> Tags.of("rail", "" + line.rail());
    List<Line> doubtful =
        totals.lines().stream().filter(line -> DOUBTS.contains(line.reason())).toList();
    List<Line> going =
        totals.lines().stream()
            .filter(line -> line.rail() != null && ON_ITS_WAY.contains(line.reason()))
            .toList();
    credits.register(rows(UNPOSTED_CREDITS, totals.lines(), byReason, count), true);
    amounts.register(rows(UNPOSTED_AMOUNT, totals.lines(), byReason, minor), true);
    oldest.register(
        rows(UNPOSTED_OLDEST, totals.lines(), line -> Tags.of("reason", line.reason()), age), true);
    byAge.register(
        rows(UNPOSTED_BY_AGE, totals.lines(), line -> Tags.of("age", line.age()), count), true);
    inDoubt.register(rows(IN_DOUBT_CREDITS, doubtful, byRail, count), true);
    inDoubtOldest.register(rows(IN_DOUBT_OLDEST, doubtful, byRail, age), true);
    waiting.register(rows(RAIL_WAITING, going, byRail, count), true);
    readAt = System.nanoTime();
  }

  private void showDeltas(Map<String, Long> byCurrency) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    byCurrency.forEach(
        (currency, delta) -> rows.add(MultiGauge.Row.of(Tags.of("currency", currency), delta)));
    deltas.register(rows, true);
  }

  private Map<Tags, List<Line>> groups(MetricName name) {
    return seen.computeIfAbsent(name, n -> new HashMap<>());
  }

  /**
   * What was seen once is shown as 0 afterwards: a series that vanishes cannot be told from one
   * that is not read.
   */
  private List<MultiGauge.Row<?>> rows(
      MetricName name,
      List<Line> lines,
      Function<Line, Tags> labels,
      ToDoubleFunction<List<Line>> value) {
    Map<Tags, List<Line>> groups = groups(name);
    groups.replaceAll((tags, before) -> new ArrayList<>());
    lines.forEach(
        line -> groups.computeIfAbsent(labels.apply(line), tags -> new ArrayList<>()).add(line));
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    groups.forEach((tags, group) -> rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(group))));
    return rows;
  }
}
