package dev.settle.router.credit;

import dev.settle.router.explanation.NextAccount;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is unposted at one instant, by currency, reason, rail and age.
 *
 * @param takenAt the database's clock
 */
public record UnpostedTotals(OffsetDateTime takenAt, List<Line> lines) {

  /**
   * One group.
   *
   * @param rail null for what is held
   * @param age the bucket, for example {@code <1m}
   * @param oldest since when its oldest credit has stood so
   * @param next the account that they may wait for; of many merchants none
   */
  public record Line(
      String currency,
      String reason,
      @Nullable String rail,
      String age,
      long credits,
      long amountMinor,
      OffsetDateTime oldest,
      NextAccount next) {}

  /** The answer of {@code GET /v1/unposted}: the total, and the same by each dimension. */
  JsonObject json() {
    return sum()
        .put("byReason", explained(grouped(Line::reason)))
        .put("byRail", summed(grouped(line -> line.rail() == null ? "none" : line.rail())))
        .put("byAge", summed(grouped(Line::age)))
        .put("lines", new JsonArray(lines.stream().map(UnpostedTotals::json).toList()));
  }

  /** The total, and when it was taken. */
  JsonObject sum() {
    return sum(lines).put("takenAt", Times.text(takenAt));
  }

  Map<String, List<Line>> grouped(Function<Line, String> dimension) {
    Map<String, List<Line>> groups = new TreeMap<>();
    lines.forEach(
        line -> groups.computeIfAbsent(dimension.apply(line), key -> new ArrayList<>()).add(line));
    return groups;
  }

  private static JsonObject summed(Map<String, List<Line>> groups) {
    JsonObject json = new JsonObject();
    groups.forEach((key, group) -> json.put(key, sum(group)));
    return json;
  }

  /** The groups with why. */
  static JsonObject explained(Map<String, List<Line>> groups) {
    JsonObject json = new JsonObject();
    groups.forEach(
        (reason, group) ->
            json.put(
                reason,
                sum(group)
                    .put("oldest", Times.text(oldest(group)))
                    .put("explanation", Explained.json(reason, oldest(group), next(group), null))));
    return json;
  }

  /** What all of the group wait for; where they differ, there is no time that holds for all. */
  private static NextAccount next(List<Line> group) {
    List<NextAccount> awaited = group.stream().map(Line::next).distinct().toList();
    return awaited.size() == 1 ? awaited.get(0) : NextAccount.NONE;
  }

  static OffsetDateTime oldest(List<Line> group) {
    return group.stream().map(Line::oldest).min(OffsetDateTime::compareTo).orElseThrow();
  }

  private static JsonObject sum(List<Line> group) {
    JsonObject amounts = new JsonObject();
    long credits = 0;
    for (Line line : group) {
      credits += line.credits();
      amounts.put(line.currency(), amounts.getLong(line.currency(), 0L) + line.amountMinor());
    }
    return new JsonObject().put("count", credits).put("amountMinor", amounts);
  }

  private static JsonObject json(Line line) {
    return new JsonObject()
        .put("currency", line.currency())
        .put("reason", line.reason())
        .put("rail", line.rail())
        .put("age", line.age())
        .put("count", line.credits())
        .put("amountMinor", line.amountMinor())
        .put("oldest", Times.text(line.oldest()));
  }
}
