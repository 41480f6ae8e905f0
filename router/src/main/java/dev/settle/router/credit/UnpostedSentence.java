package dev.settle.router.credit;

import dev.settle.router.credit.UnpostedTotals.Line;
import dev.settle.router.explanation.Reason;
import dev.settle.router.money.AmountText;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What can be read out to a merchant who asks where the money is, in English and Chinese. */
final class UnpostedSentence {

  private static final DateTimeFormatter ENGLISH_TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);
  private static final DateTimeFormatter CHINESE_TIME =
      DateTimeFormatter.ofPattern("uuuu年M月d日 HH:mm 'UTC'", Locale.ROOT);

  private UnpostedSentence() {}

  /**
   * {@code {"en","zh"}} for everything that is unposted.
   *
   * @param byReason its lines
   * @param complete false when there may be more
   */
  static JsonObject ofAll(Map<String, List<Line>> byReason, boolean complete) {
    List<Line> all = byReason.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return complete
          ? new JsonObject().put("en", "Everything is posted.").put("zh", "所有款项均已入账。")
          : new JsonObject()
              .put("en", "Too much is under way to say; please ask again later.")
              .put("zh", "在途款项过多,暂无法确认,请稍后再查询。");
    }
    StringBuilder english = new StringBuilder(complete ? "" : "At least ");
    english.append(englishSum(all)).append(" not posted.");
    StringBuilder chinese = new StringBuilder(complete ? "" : "至少");
    chinese.append(chineseSum(all)).append("尚未入账。");
    byReason.forEach(
        (reason, lines) -> {
          JsonObject sentence = of(reason, lines);
          english.append(' ').append(sentence.getString("en"));
          chinese.append(sentence.getString("zh"));
        });
    return new JsonObject().put("en", english.toString()).put("zh", chinese.toString());
  }

  /** {@code {"en","zh"}} for what is unposted for one reason. */
  static JsonObject of(String reason, List<Line> lines) {
    Reason known = Reason.valueOf(reason);
    OffsetDateTime since = UnpostedTotals.oldest(lines).withOffsetSameInstant(ZoneOffset.UTC);
    return new JsonObject()
        .put(
            "en",
            englishSum(lines)
                + " waiting since "
                + ENGLISH_TIME.format(since)
                + ": "
                + known.english())
        .put(
            "zh",
            chineseSum(lines) + "自 " + CHINESE_TIME.format(since) + " 起等待入账:" + known.chinese());
  }

  /** For example {@code CNY 128.50 of 3 sales are}. */
  private static String englishSum(List<Line> lines) {
    long sales = sales(lines);
    return sums(lines).entrySet().stream()
            .map(sum -> sum.getKey() + " " + AmountText.of(sum.getValue(), sum.getKey()))
            .collect(Collectors.joining(" and "))
        + (sales == 1 ? " of 1 sale is" : " of " + sales + " sales are");
  }

  private static String chineseSum(List<Line> lines) {
    return sales(lines)
        + " 笔交易共 "
        + sums(lines).entrySet().stream()
            .map(
                sum ->
                    chineseName(sum.getKey()) + " " + AmountText.of(sum.getValue(), sum.getKey()))
            .collect(Collectors.joining("、"))
        + " ";
  }

  private static String chineseName(String currency) {
    return Currency.getInstance(currency).getDisplayName(Locale.SIMPLIFIED_CHINESE);
  }

  private static long sales(List<Line> lines) {
    return lines.stream().mapToLong(Line::credits).sum();
  }

  private static Map<String, Long> sums(List<Line> lines) {
    Map<String, Long> sums = new TreeMap<>();
    lines.forEach(line -> sums.merge(line.currency(), line.amountMinor(), Math::addExact));
    return sums;
  }
}
