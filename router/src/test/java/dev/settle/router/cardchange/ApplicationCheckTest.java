package dev.settle.router.cardchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Problem.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each finding, alone and together. */
class ApplicationCheckTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final MerchantFacts FACTS =
      new MerchantFacts("Corner Shop", true, "李明", false, null);
  private static final String GOOD_IBAN = "DE89370400440532013000";

  private final ApplicationCheck check =
      new ApplicationCheck(
          BankDirectory.read(),
          CardChangeSettings.DEFAULT.documents(),
          CardChangeSettings.DOCUMENT_KINDS);

  @Test
  void a_good_application_has_no_findings() {
    assertThat(codes(good())).isEmpty();
    assertThat(codes(change("type", "CORPORATE", "branch", "102100000011"))).isEmpty();
    assertThat(
            codes(
                change(
                    "type",
                    "CORPORATE",
                    "branch",
                    "105100000011",
                    "bank",
                    "105",
                    "number",
                    "10002000123")))
        .as("a company's account number has no check digit")
        .isEmpty();
    assertThat(codes(change("number", GOOD_IBAN, "bank", "37040044"))).isEmpty();
    assertThat(codes(change("number", "4111111111111111", "bank", "305")))
        .as("unknown BIN")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "number,6222021234567890123,account.number,number-check-digit",
    "number,18,account.number,number-length",
    "number,62220212345678901231,account.number,number-length",
    "number,6222-0212,account.number,number-format",
    "number,de89370400440532013000,account.number,number-format",
    "number,DE89370400440532013001,account.number,iban-invalid",
    "number,XX89370400440532013000,account.number,iban-invalid",
    "number,DE8937040044053201300,account.number,iban-invalid",
    "number,DE,account.number,iban-invalid",
    "number,,account.number,missing",
    "bank,,account.bank,missing",
    "bank,10,account.bank,bank-format",
    "bank,icbc,account.bank,bank-format",
    "bank,105,account.bank,bank-mismatch",
    "type,,account.type,missing",
    "type,personal,account.type,unknown-type",
    "type,CORPORATE,account.branch,missing",
    "branch,10210000001,account.branch,branch-format",
    "branch,105100000011,account.branch,branch-mismatch",
    "holder,,account.holder,missing",
    "holder,王明,account.holder,holder-mismatch",
    "terminal,T9,terminalId,unknown-terminal",
    "time,tomorrow,effectiveFrom,time-format",
    "time,2026-11-23T10:00Z,effectiveFrom,time-format",
    "time,+002026-11-23T10:00:00Z,effectiveFrom,time-format",
    "time,2026-11-22T09:58:59Z,effectiveFrom,time-past",
    "time,2027-02-20T10:00:01Z,effectiveFrom,time-too-far",
    "reason,,reason,missing",
    "reason,BORED,reason,unknown-reason",
    "kind,PASSPORT,documents[0].kind,unknown-kind",
    "kind,,documents[0].kind,missing",
    "ref,,documents[0].ref,missing",
    "ref,'  ',documents[0].ref,missing",
  })
  void each_mistake_has_its_field_and_code(
      String what, @Nullable String value, String field, String code) {
    Map<String, @Nullable String> draft = good();
    draft.put(what, value);
    List<Finding> found = findings(draft, what.equals("terminal") ? facts(false) : FACTS);
    assertThat(found.get(0).field()).isEqualTo(field);
    assertThat(found.get(0).code()).isEqualTo(code);
    assertThat(found).hasSize(what.equals("kind") ? 2 : 1);
  }

  @Test
  void an_iban_of_another_bank_is_a_mismatch() {
    assertThat(codes(change("number", GOOD_IBAN, "bank", "102"))).containsExactly("bank-mismatch");
  }

  @Test
  void a_required_document_is_named_when_it_is_missing() {
    assertThat(codes(change("kind", "OTHER"))).containsExactly("missing-document");
  }

  @Test
  void a_document_does_not_carry_the_number_out() {
    assertThat(codes(change("ref", "see " + good().get("number")))).containsExactly("ref-format");
  }

  @ParameterizedTest
  @ValueSource(strings = {"李明", "李 明", "李　明", "corner shop", "ＣＯＲＮＥＲ ＳＨＯＰ", "CornerShop"})
  void case_width_and_spaces_make_no_other_name(String holder) {
    assertThat(codes(change("holder", holder))).isEmpty();
  }

  @Test
  void the_account_in_effect_and_one_that_is_blocked_are_findings() {
    assertThat(codes(new MerchantFacts("Corner Shop", true, "李明", true, AccountStatus.ACTIVE)))
        .containsExactly("same-account");
    for (AccountStatus status : AccountStatus.values()) {
      boolean usable = status == AccountStatus.ACTIVE || status == AccountStatus.UNVERIFIED;
      assertThat(codes(new MerchantFacts("Corner Shop", true, "李明", false, status)))
          .isEqualTo(usable ? List.of() : List.of("account-blocked"));
    }
  }

  @Test
  void the_borders_of_the_time_are_within() {
    assertThat(codes(change("time", NOW.minusSeconds(60).toString()))).isEmpty();
    assertThat(codes(change("time", NOW.plus(Duration.ofDays(90)).toString()))).isEmpty();
    assertThat(codes(change("time", "2026-11-22T18:30:00+08:00"))).isEmpty();
  }

  @Test
  void an_empty_application_is_told_everything() {
    List<Finding> found = check.findings(Draft.read("{}".getBytes(UTF_8)), FACTS, NOW);
    assertThat(found.stream().map(Finding::field))
        .containsExactly(
            "account.number",
            "account.bank",
            "account.type",
            "account.holder",
            "documents",
            "documents",
            "reason");
    assertThat(found.stream().map(Finding::code).distinct())
        .containsExactly("missing", "missing-document");
  }

  private static Map<String, @Nullable String> good() {
    Map<String, @Nullable String> draft = new TreeMap<>();
    draft.put("number", Applications.card(1));
    draft.put("bank", "102");
    draft.put("holder", "李明");
    draft.put("type", "PERSONAL");
    draft.put("reason", "NEW_CARD");
    draft.put("kind", "IDENTITY");
    draft.put("ref", "doc-1");
    return draft;
  }

  private static Map<String, @Nullable String> change(String... pairs) {
    Map<String, @Nullable String> draft = good();
    for (int i = 0; i < pairs.length; i += 2) {
      draft.put(pairs[i], pairs[i + 1]);
    }
    return draft;
  }

  private static MerchantFacts facts(boolean hasTerminal) {
    return new MerchantFacts("Corner Shop", hasTerminal, "李明", false, null);
  }

  private List<String> codes(Map<String, @Nullable String> draft) {
    return findings(draft, FACTS).stream().map(Finding::code).toList();
  }

  private List<String> codes(MerchantFacts facts) {
    return findings(good(), facts).stream().map(Finding::code).toList();
  }

  private List<Finding> findings(Map<String, @Nullable String> d, MerchantFacts facts) {
    var documents =
        List.of(
            new Draft.Document(d.get("kind"), d.get("ref")),
            new Draft.Document("BANK_ACCOUNT_PROOF", "doc-2"));
    return check.findings(
        new Draft(
            d.get("number") == null ? null : new AccountNumber(d.get("number")),
            d.get("bank"),
            d.get("holder"),
            d.get("type"),
            d.get("branch"),
            d.get("terminal"),
            d.get("time"),
            d.get("reason"),
            documents),
        facts,
        NOW);
  }
}
