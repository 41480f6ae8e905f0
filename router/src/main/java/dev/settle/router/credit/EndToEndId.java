package dev.settle.router.credit;

import dev.settle.router.binding.AccountId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Under which id a transfer is known to the bank, at most 35 characters (ISO 20022). It follows
 * from what is committed before anything is sent, so it never needs to be made up again, and the
 * same attempt never has two.
 */
public sealed interface EndToEndId {

  /** One credit's attempt: {@code C00000000000V-1}. */
  record OfCredit(long creditId, int attempt) implements EndToEndId {
    @Override
    public String text() {
      return CreditId.text(creditId) + "-" + attempt;
    }
  }

  /** All credits of a batch to one account, sent as one: {@code B1V-A00000000000V}. */
  record OfAccount(long batchId, long accountId) implements EndToEndId {
    @Override
    public String text() {
      return "B"
          + Long.toString(batchId, RADIX).toUpperCase(Locale.ROOT)
          + "-"
          + AccountId.text(accountId);
    }
  }

  int RADIX = 32;
  Pattern CREDIT = Pattern.compile("(C0[0-9A-V]{12})-([1-9][0-9]{0,4})");
  Pattern ACCOUNT = Pattern.compile("B([0-9A-V]{1,11})-(A.{1,20})");

  String text();

  /** The id of a member of a batch, however the batch is sent. */
  static EndToEndId of(long batchId, boolean onePerAccount, BatchMember member) {
    return onePerAccount
        ? new OfAccount(batchId, member.accountId())
        : new OfCredit(member.creditId(), member.attempt());
  }

  /** The id that {@code text} spells; empty when we never wrote one like it. */
  static Optional<EndToEndId> parse(String text) {
    Matcher credit = CREDIT.matcher(text);
    if (credit.matches()) {
      OptionalLong id = CreditId.parse(credit.group(1));
      return id.isPresent()
          ? Optional.of(new OfCredit(id.getAsLong(), Integer.parseInt(credit.group(2))))
          : Optional.empty();
    }
    Matcher account = ACCOUNT.matcher(text);
    if (account.matches()) {
      OptionalLong id = AccountId.parse(account.group(2));
      return id.isPresent()
          ? Optional.of(new OfAccount(Long.parseLong(account.group(1), RADIX), id.getAsLong()))
          : Optional.empty();
    }
    return Optional.empty();
  }
}
