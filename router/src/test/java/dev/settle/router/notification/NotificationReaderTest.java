package dev.settle.router.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.notification.Notification.Changed;
import dev.settle.router.notification.Notification.Entry;
import dev.settle.router.platform.ProblemException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotificationReaderTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String RETURNED =
      "{'type':'returned','occurredAt':'2026-11-22T10:00:00.5Z','endToEndId':'C0000000000801-1',"
          + "'amountMinor':12850,'currency':'CNY','entryStatus':'PDNG','reason':'AC04'}";
  private static final String CHANGED =
      "{'type':'account-changed','occurredAt':'2026-11-22T10:00:00Z','endToEndId':'e',"
          + "'account':{'number':'6222020000001010','bank':'102','holder':'李明'}}";

  private static Notification read(String json) {
    return NotificationReader.read(json.replace('\'', '"').getBytes(UTF_8), NOW);
  }

  @Test
  void an_entry_is_read_whole() {
    Notification read = read(RETURNED);

    assertThat(read.type()).isEqualTo("returned");
    assertThat(read.endToEndId()).isEqualTo("C0000000000801-1");
    assertThat(read.event()).isEqualTo(new Entry(12_850, "CNY", false, "AC04"));
  }

  @Test
  void a_changed_account_prints_without_its_number() {
    Notification read = read(CHANGED);

    assertThat(((Changed) read.event()).number().reveal()).isEqualTo("6222020000001010");
    assertThat(read.toString()).doesNotContain("6222020000001010");
  }

  @Test
  void what_is_wrong_is_named_and_not_shown() {
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry(RETURNED.replace("'returned'", "'refunded'"), "type"),
            Map.entry(RETURNED.replace("'CNY'", "'cny'"), "currency"),
            Map.entry(RETURNED.replace("'PDNG'", "'INFO'"), "entryStatus"),
            Map.entry(RETURNED.replace("'AC04'", "'6222020000001010'"), "reason"),
            Map.entry(RETURNED.replace("12850", "0"), "amountMinor"),
            Map.entry(RETURNED.replace("12850", "1.5"), "amountMinor"),
            Map.entry(RETURNED.replace("12850", "'12850'"), "amountMinor"),
            Map.entry(RETURNED.replace("12850", "99999999999999999999"), "amountMinor"),
            Map.entry(RETURNED.replace("2026-11-22T", "2026-11-24T"), "occurredAt"),
            Map.entry(RETURNED.replace("2026-11-22T", "+999999-11-22T"), "occurredAt"),
            Map.entry(RETURNED.replace("-1'", "-1\\u0000'"), "endToEndId"),
            Map.entry(RETURNED.replace("'reason'", "'account'"), "account"),
            Map.entry(RETURNED.replace(",'currency':'CNY'", ""), "currency"),
            Map.entry(CHANGED.replace("'bank'", "'branch'"), "account.branch"),
            Map.entry(CHANGED.replace("'number':'6222020000001010',", ""), "account.number"),
            Map.entry(
                CHANGED.replace("'endToEndId'", "'amountMinor':1,'endToEndId'"), "amountMinor"));
    wrong.forEach(
        (json, field) ->
            assertThatThrownBy(() -> read(json))
                .as(json)
                .isInstanceOfSatisfying(
                    ProblemException.class,
                    refused -> {
                      assertThat(refused.problem().field()).isEqualTo(field);
                      assertThat(refused.problem().detail()).doesNotContain("6222020000001010");
                    }));
  }
}
