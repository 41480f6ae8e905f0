package dev.settle.router.telemetry;

import static dev.settle.router.telemetry.MetricName.OPEN_BREAKS;

import dev.settle.router.breaks.BreakKind;
import dev.settle.router.breaks.BreakStore;
import dev.settle.router.breaks.BreakStore.OpenCount;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gauge of open breaks, read from the database every second and not at each scrape. */
public final class BreakGauge {

  private static final Logger LOG = LoggerFactory.getLogger(BreakGauge.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final BreakStore store;
  private final MultiGauge gauge;

  /** What was seen once is shown as 0 afterwards: a series that vanishes was not read. */
  private final Map<Tags, Long> seen = new HashMap<>();

  private boolean reading;

  /**
   * @param rails whose breaks are shown from the start, as 0
   */
  public BreakGauge(
      Vertx vertx, BreakStore store, List<String> rails, PrometheusMeterRegistry registry) {
    this.vertx = vertx;
    this.store = store;
    rails.forEach(
        rail ->
            Stream.of(BreakKind.values()).forEach(kind -> seen.put(tags(rail, kind.name()), 0L)));
    this.gauge =
        MultiGauge.builder(OPEN_BREAKS.meterName())
            .description(OPEN_BREAKS.help())
            .register(registry);
  }

  private static Tags tags(String rail, String kind) {
    return Tags.of("rail", rail, "kind", kind);
  }

  /** Reads now and from then on every second. */
  public void start() {
    vertx.setPeriodic(0, EVERY.toMillis(), tick -> readOnce());
  }

  private void readOnce() {
    if (reading) {
      return;
    }
    reading = true;
    store
        .open()
        .onSuccess(this::show)
        .onFailure(failure -> LOG.warn("open breaks could not be counted", failure))
        .onComplete(done -> reading = false);
  }

  private void show(List<OpenCount> counts) {
    seen.replaceAll((tags, before) -> 0L);
    counts.forEach(count -> seen.put(tags(count.rail(), count.kind()), count.breaks()));
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    seen.forEach((tags, breaks) -> rows.add(MultiGauge.Row.of(tags, breaks)));
    gauge.register(rows, true);
  }
}
