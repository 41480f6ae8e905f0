package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.cardchange.CardChangeStore.Submitted;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Problem.Finding;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applications that a bank's word opens: it says that the details of an account have changed, and
 * is the maker. They are checked as a merchant's are, but that a bank brings no documents; a
 * checker decides on them, never a rule.
 */
public final class BankApplications {

  private static final String MAKER = "bank:";

  private final AccountCipher cipher;
  private final CardChangeSettings settings;
  private final CardChangeMetrics metrics;
  private final ApplicationCheck check =
      new ApplicationCheck(
          BankDirectory.read(),
          CardChangeSettings.DOCUMENTS_OF_BANKS,
          CardChangeSettings.DOCUMENT_KINDS);

  public BankApplications(
      AccountCipher cipher, CardChangeSettings settings, CardChangeMetrics metrics) {
    this.cipher = cipher;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Whether an application's maker is a bank. */
  static boolean isMaker(String maker) {
    return maker.startsWith(MAKER);
  }

  /**
   * An account that has taken another's place, as its bank says.
   *
   * @param terminalId the scope; empty: the merchant's default
   * @param inEffect whether the account that was replaced is the one in effect for the scope
   * @param type of the account that was replaced
   * @param branch of the account that was replaced, where it is known and the bank is the same
   */
  public record Replacement(
      String merchantId,
      String terminalId,
      boolean inEffect,
      AccountNumber number,
      String bank,
      String holder,
      String type,
      @Nullable String branch) {

    private Draft draft() {
      return new Draft(
          number,
          bank,
          holder,
          type,
          branch,
          terminalId.isEmpty() ? null : terminalId,
          null,
          ChangeReason.OTHER.name(),
          List.of());
    }
  }

  /**
   * What became of it: an application (its id), nothing new (neither), or nothing because of {@code
   * refusal}, in words without a value that was sent.
   */
  public record Opened(@Nullable Long changeId, @Nullable String refusal) {

    public static final Opened KNOWN = new Opened(null, null);
  }

  /**
   * Opens an application, in the transaction that {@code client} is in. What is said again while it
   * is open or in effect is nothing new.
   */
  public Future<Opened> open(SqlClient client, String rail, Replacement replacement) {
    CardChangeStore store = new CardChangeStore(client, cipher);
    Draft draft = replacement.draft();
    String maker = MAKER + rail;
    return store
        .same(replacement.merchantId(), draft, maker)
        .compose(
            same ->
                same != null
                    ? Future.succeededFuture(Opened.KNOWN)
                    : check(store, replacement, draft, maker));
  }

  /** Counts an application, once its transaction is committed. */
  public void committed(Opened opened) {
    if (opened.changeId() != null) {
      metrics.cardChanges(ChangeState.SUBMITTED, 1);
    }
  }

  private Future<Opened> check(
      CardChangeStore store, Replacement replacement, Draft draft, String maker) {
    return store
        .facts(replacement.merchantId(), draft)
        .compose(
            found -> {
              MerchantFacts facts =
                  Objects.requireNonNull(found, "the account's merchant is there");
              if (facts.sameAccount()) {
                return Future.succeededFuture(Opened.KNOWN);
              }
              String refusal =
                  replacement.inEffect()
                      ? refusal(check.findings(draft, facts, Instant.now()))
                      : "the account that it speaks of is not in effect any more";
              return refusal == null
                  ? submit(store, replacement, draft, maker)
                  : Future.succeededFuture(new Opened(null, refusal));
            });
  }

  private static @Nullable String refusal(List<Finding> findings) {
    return findings.isEmpty()
        ? null
        : findings.stream()
            .map(finding -> finding.field() + " " + finding.code())
            .collect(Collectors.joining(", "));
  }

  private Future<Opened> submit(
      CardChangeStore store, Replacement replacement, Draft draft, String maker) {
    String merchantId = replacement.merchantId();
    return store
        .submit(Application.of(merchantId, draft), maker, settings)
        .compose(
            submitted ->
                submitted.outcome().equals("OPEN")
                    ? store.same(merchantId, draft, maker).map(BankApplications::another)
                    : Future.succeededFuture(opened(submitted)));
  }

  /** The same, told by two notifications at once, is one; another one that is open comes first. */
  private static Opened another(@Nullable Long same) {
    return same == null ? new Opened(null, "card-change-open") : Opened.KNOWN;
  }

  private static Opened opened(Submitted submitted) {
    return switch (submitted.outcome()) {
      case "SUBMITTED" -> new Opened(submitted.changeId(), null);
      case "SAME_ACCOUNT" -> Opened.KNOWN;
      case "LIMIT" -> new Opened(null, "card-change-limit");
      default -> new Opened(null, "account account-blocked");
    };
  }
}
