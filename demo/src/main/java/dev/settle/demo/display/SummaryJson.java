package dev.settle.demo.display;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The summary as JSON; the keys are a contract with whoever reads it. */
public final class SummaryJson {

  private SummaryJson() {}

  /** The whole document. */
  public static JsonObject of(Summary s) {
    return new JsonObject()
        .put("seconds", Math.round(s.seconds() * 10) / 10.0)
        .put("nodes", s.nodes())
        .put("accepted", amounts(s.accepted()))
        .put("posted", amounts(s.posted()))
        .put("unposted", amounts(s.unposted()).put("byReason", byReason(s)))
        .put("replayed", s.replayed())
        .put("refused", s.refused())
        .put("rerouted", s.rerouted())
        .put("released", s.released())
        .put("staleLookupsCaught", s.staleLookupsCaught())
        .put("returned", s.returned())
        .put("inDoubt", s.inDoubt())
        .put("cardChanges", s.cardChanges())
        .put("stories", numbers(s.stories().played()).put("failed", s.stories().failed()))
        .put("bindingStalenessMs", staleness(s.staleness()))
        .put("acceptLatencyMs", quantiles(s.accept()))
        .put("postedLatencyMs", quantiles(s.postedLatency()))
        .put("conservationDeltaMinor", numbers(s.conservationDelta()))
        .put("invariants", invariants(s))
        .put("unanswered", s.unanswered())
        .put("faults", s.faults());
  }

  private static JsonObject byReason(Summary s) {
    JsonObject json = new JsonObject();
    s.byReason().forEach((reason, amounts) -> json.put(reason, amounts(amounts)));
    return json;
  }

  private static JsonObject amounts(Amounts amounts) {
    return new JsonObject()
        .put("count", amounts.count())
        .put("amountMinor", numbers(amounts.amountMinor()));
  }

  private static JsonObject numbers(Map<String, Long> byCurrency) {
    JsonObject json = new JsonObject();
    byCurrency.forEach(json::put);
    return json;
  }

  private static JsonObject staleness(Staleness staleness) {
    JsonObject upTo = new JsonObject();
    staleness.upTo().forEach((millis, count) -> upTo.put(String.valueOf(millis), count));
    return quantiles(staleness.quantiles()).put("upTo", upTo);
  }

  private static JsonObject quantiles(Quantiles q) {
    return new JsonObject().put("p50", q.p50()).put("p99", q.p99()).put("max", q.max());
  }

  private static JsonObject invariants(Summary s) {
    JsonObject json = new JsonObject();
    s.verdicts()
        .forEach(verdict -> json.put(verdict.invariant(), verdict.held() ? "held" : "broken"));
    return json;
  }
}
