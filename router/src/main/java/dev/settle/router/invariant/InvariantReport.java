package dev.settle.router.invariant;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a check found: for each invariant its violations, and the totals of the book in the same
 * snapshot.
 */
public final class InvariantReport {

  /** Examples kept of each kind of violation; how many there were is always said. */
  static final int EXAMPLES = 5;

  /**
   * Sums of credits.
   *
   * @param byCurrency minor units
   */
  public record Total(long credits, Map<String, Long> byCurrency) {

    JsonObject json() {
      JsonObject amounts = new JsonObject();
      byCurrency.forEach(amounts::put);
      return new JsonObject().put("count", credits).put("amountMinor", amounts);
    }
  }

  private final Map<Invariant, List<String>> violations = new EnumMap<>(Invariant.class);
  private final List<String> notChecked = new ArrayList<>();
  private Total accepted = new Total(0, Map.of());
  private Total posted = new Total(0, Map.of());
  private Map<String, Total> unpostedByReason = Map.of();

  InvariantReport() {
    for (Invariant invariant : Invariant.values()) {
      violations.put(invariant, new ArrayList<>());
    }
  }

  void violated(Invariant invariant, String how) {
    violations.getOrDefault(invariant, new ArrayList<>()).add(how);
  }

  void notChecked(String what) {
    notChecked.add(what);
  }

  void totals(Total accepted, Total posted, Map<String, Total> unpostedByReason) {
    this.accepted = accepted;
    this.posted = posted;
    this.unpostedByReason = unpostedByReason;
  }

  /** Whether every invariant holds. */
  public boolean allHold() {
    return violations.values().stream().allMatch(List::isEmpty);
  }

  /** Whether this invariant holds. */
  public boolean holds(Invariant invariant) {
    return violations(invariant).isEmpty();
  }

  /** How an invariant is broken; empty when it holds. */
  public List<String> violations(Invariant invariant) {
    return List.copyOf(violations.getOrDefault(invariant, List.of()));
  }

  /** What could not be checked for lack of a witness. */
  public List<String> notChecked() {
    return List.copyOf(notChecked);
  }

  public Total accepted() {
    return accepted;
  }

  public Total posted() {
    return posted;
  }

  public Map<String, Total> unpostedByReason() {
    return unpostedByReason;
  }

  /** All that is unposted. */
  public Total unposted() {
    long credits = 0;
    Map<String, Long> amounts = new TreeMap<>();
    for (Total total : unpostedByReason.values()) {
      credits += total.credits();
      total.byCurrency().forEach((currency, minor) -> amounts.merge(currency, minor, Long::sum));
    }
    return new Total(credits, amounts);
  }

  /** accepted - posted - unposted for each currency. */
  public Map<String, Long> conservationDeltas() {
    Map<String, Long> deltas = new TreeMap<>(accepted.byCurrency());
    posted.byCurrency().forEach((currency, minor) -> deltas.merge(currency, -minor, Long::sum));
    unposted().byCurrency().forEach((currency, minor) -> deltas.merge(currency, -minor, Long::sum));
    return deltas;
  }

  public JsonObject json() {
    JsonObject states = new JsonObject();
    JsonObject details = new JsonObject();
    for (Invariant invariant : Invariant.values()) {
      states.put(invariant.name(), holds(invariant) ? "held" : "broken");
      if (!holds(invariant)) {
        details.put(invariant.name(), new JsonArray(violations(invariant)));
      }
    }
    JsonObject byReason = new JsonObject();
    unpostedByReason.forEach((reason, total) -> byReason.put(reason, total.json()));
    JsonObject deltas = new JsonObject();
    conservationDeltas().forEach(deltas::put);
    return new JsonObject()
        .put("accepted", accepted.json())
        .put("posted", posted.json())
        .put("unposted", unposted().json().put("byReason", byReason))
        .put("conservationDeltaMinor", deltas)
        .put("invariants", states)
        .put("violations", details)
        .put("notChecked", new JsonArray(notChecked));
  }

  /** For a person: one line for each invariant, then what is broken and how. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Invariant invariant : Invariant.values()) {
      text.append(
          String.format(
              "%-3s %-55s %s%n",
              invariant, invariant.promise(), holds(invariant) ? "held" : "BROKEN"));
      violations(invariant).forEach(how -> text.append("      ").append(how).append('\n'));
    }
    notChecked.forEach(what -> text.append("not checked: ").append(what).append('\n'));
    return text.toString();
  }
}
