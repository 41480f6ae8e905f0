package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.Problem.Finding;
import dev.settle.router.platform.Times;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is wrong with an application, before a person sees it: all at once, in the order
 * of its fields, without a value that was sent.
 */
final class ApplicationCheck {

  /** A clock may be this much ahead of ours. */
  private static final Duration PAST = Duration.ofMinutes(1);

  private static final Duration AHEAD = Duration.ofDays(90);

  /** Printable; no control characters, halves of characters, or breaks of lines. */
  private static final Pattern PRINTABLE =
      Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,140}");

  static final Finding SAME_ACCOUNT =
      new Finding("account", "same-account", "This account is in effect already.");

  private final BankDirectory directory;
  private final Set<String> requiredDocuments;
  private final List<String> documentKinds;

  /**
   * @param requiredDocuments kinds that every application has to bring
   * @param documentKinds the kinds there are
   */
  ApplicationCheck(
      BankDirectory directory, Set<String> requiredDocuments, List<String> documentKinds) {
    this.directory = directory;
    this.requiredDocuments = requiredDocuments;
    this.documentKinds = documentKinds;
  }

  /** All findings; none: the application is complete. */
  List<Finding> findings(Draft draft, MerchantFacts facts, Instant now) {
    Findings findings = new Findings();
    new AccountCheck(draft, findings, directory).run();
    holder(draft, facts, findings);
    account(facts, findings);
    if (!facts.hasTerminal()) {
      findings.add("terminalId", "unknown-terminal", "This merchant has no such terminal.");
    }
    effectiveFrom(draft.effectiveFrom(), now, findings);
    documents(draft, findings);
    findings.check(
        "reason",
        draft.reason(),
        reason -> ChangeReason.parse(reason) != null,
        "unknown-reason",
        "One of " + Arrays.toString(ChangeReason.values()) + " is expected.");
    return findings.all();
  }

  private static void holder(Draft draft, MerchantFacts facts, Findings findings) {
    String field = "account.holder";
    if (findings.check(
            field,
            draft.holder(),
            holder -> isPlain(holder, draft.number()),
            "holder-format",
            "1 to 140 printable characters without an account's number are expected.")
        && !sameName(draft.holder(), facts.name())
        && !sameName(draft.holder(), facts.holder())) {
      findings.add(
          field,
          "holder-mismatch",
          "The holder is to be the merchant, or the holder of its present account.");
    }
  }

  /** The same name, whatever its case, the width of its letters, and its spaces. */
  static boolean sameName(@Nullable String one, @Nullable String other) {
    return one != null && other != null && folded(one).equals(folded(other));
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .replaceAll("[\\p{Z}\\s]", "")
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static void account(MerchantFacts facts, Findings findings) {
    if (facts.known() != null
        && facts.known() != AccountStatus.ACTIVE
        && facts.known() != AccountStatus.UNVERIFIED) {
      Finding blocked = blocked(facts.known().name());
      findings.add(blocked.field(), blocked.code(), blocked.detail());
    } else if (facts.sameAccount()) {
      findings.add(SAME_ACCOUNT.field(), SAME_ACCOUNT.code(), SAME_ACCOUNT.detail());
    }
  }

  /** That the number may not receive, by its status or {@code "blocked"}. */
  static Finding blocked(String status) {
    return new Finding(
        "account",
        "account-blocked",
        "The merchant has this number and it is " + status + "; release it first.");
  }

  private static void effectiveFrom(@Nullable String text, Instant now, Findings findings) {
    String field = "effectiveFrom";
    if (text == null) {
      return;
    }
    OffsetDateTime time = Times.parse(text);
    if (time == null) {
      findings.add(field, "time-format", "An RFC 3339 time is expected, or null.");
    } else if (time.toInstant().isBefore(now.minus(PAST))) {
      findings.add(field, "time-past", "It is over; leave it out for at once.");
    } else if (time.toInstant().isAfter(now.plus(AHEAD))) {
      findings.add(field, "time-too-far", "At most " + AHEAD.toDays() + " days ahead.");
    }
  }

  private void documents(Draft draft, Findings findings) {
    for (int i = 0; i < draft.documents().size(); i++) {
      Draft.Document document = draft.documents().get(i);
      String field = "documents[" + i + "]";
      findings.check(
          field + ".kind",
          document.kind(),
          documentKinds::contains,
          "unknown-kind",
          "One of " + documentKinds + " is expected.");
      findings.check(
          field + ".ref",
          document.ref(),
          ref -> isPlain(ref, draft.number()),
          "ref-format",
          "1 to 140 printable characters without an account's number are expected.");
    }
    for (String kind : requiredDocuments.stream().sorted().toList()) {
      if (draft.documents().stream().noneMatch(document -> kind.equals(document.kind()))) {
        findings.add("documents", "missing-document", "A document of kind " + kind + " is needed.");
      }
    }
  }

  /** It is kept and shown in clear. */
  private static boolean isPlain(String text, @Nullable AccountNumber number) {
    return PRINTABLE.matcher(text).matches()
        && !HiddenNumber.mayBeIn(text)
        && (number == null || number.reveal().isBlank() || !text.contains(number.reveal()));
  }
}
