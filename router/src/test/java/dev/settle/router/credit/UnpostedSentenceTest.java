package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.credit.UnpostedTotals.Line;
import dev.settle.router.explanation.NextAccount;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnpostedSentenceTest {

  private static final OffsetDateTime TEN = OffsetDateTime.parse("2026-11-22T18:03:11+08:00");

  @Test
  void it_can_be_read_out_in_both_languages() {
    Map<String, List<Line>> lines = new TreeMap<>();
    lines.put(
        "ACCOUNT_FROZEN",
        List.of(
            new Line("CNY", "ACCOUNT_FROZEN", null, "", 2, 12_850, TEN, NextAccount.NONE),
            new Line(
                "JPY", "ACCOUNT_FROZEN", null, "", 1, 500, TEN.plusDays(1), NextAccount.NONE)));
    lines.put(
        "QUEUED", List.of(new Line("CNY", "QUEUED", "sandbox", "", 1, 150, TEN, NextAccount.NONE)));

    var sentence = UnpostedSentence.ofAll(lines, true);

    assertThat(sentence.getString("en"))
        .isEqualTo(
            "CNY 130.00 and JPY 500 of 4 sales are not posted."
                + " CNY 128.50 and JPY 500 of 3 sales are waiting since 22 November 2026, 10:03 UTC:"
                + " The settlement account is blocked at the bank."
                + " CNY 1.50 of 1 sale is waiting since 22 November 2026, 10:03 UTC:"
                + " Recorded; about to be sent to the bank.");
    assertThat(sentence.getString("zh"))
        .isEqualTo(
            "4 笔交易共 人民币 130.00、日元 500 尚未入账。"
                + "3 笔交易共 人民币 128.50、日元 500 自 2026年11月22日 10:03 UTC 起等待入账:结算账户已被银行冻结。"
                + "1 笔交易共 人民币 1.50 自 2026年11月22日 10:03 UTC 起等待入账:已记账,即将发送至银行。");
    assertThat(UnpostedSentence.ofAll(lines, false).getString("en")).startsWith("At least CNY");
    assertThat(UnpostedSentence.ofAll(lines, false).getString("zh")).startsWith("至少");
  }

  @Test
  void nothing_is_said_to_be_posted_that_was_not_looked_at() {
    assertThat(UnpostedSentence.ofAll(Map.of(), true).getString("en"))
        .isEqualTo("Everything is posted.");
    assertThat(UnpostedSentence.ofAll(Map.of(), false).getString("en")).doesNotContain("posted");
  }
}
