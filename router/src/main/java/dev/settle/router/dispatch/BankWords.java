package dev.settle.router.dispatch;

import dev.settle.router.binding.Bindings;
import dev.settle.router.credit.EndToEndId;
import dev.settle.router.dispatch.OutcomeStore.Member;
import dev.settle.router.dispatch.OutcomeStore.Verdict;
import dev.settle.router.dispatch.OutcomeStore.Word;
import dev.settle.router.dispatch.RefusedAccounts.RefusedAccount;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What banks say by themselves, for whoever hears it: which credits a transfer carried, what a word
 * about it means for each, and what follows when it is written. The writing is the hearer's, in his
 * own transaction, by {@code bank_says}.
 */
public final class BankWords {

  private final OutcomeStore outcomes;
  private final RefusedAccounts accounts;
  private final DispatchMetrics metrics;

  /**
   * @param writer the name of the control totals that words are added to
   */
  public BankWords(SqlClient client, String writer, Bindings bindings, DispatchMetrics metrics) {
    this.outcomes = new OutcomeStore(client, writer, metrics);
    this.accounts = new RefusedAccounts(client, bindings, metrics);
    this.metrics = metrics;
  }

  /** A transfer as we sent it; of one that we never sent {@link #amountMinor} is 0. */
  public final class Transfer {
    private final String rail;
    private final String endToEndId;
    private final List<Member> members;

    private Transfer(String rail, String endToEndId, List<Member> members) {
      this.rail = rail;
      this.endToEndId = endToEndId;
      this.members = members;
    }

    public String rail() {
      return rail;
    }

    /** As whoever speaks of it spells it. */
    public String endToEndId() {
      return endToEndId;
    }

    /** What it carried, in minor units. */
    public long amountMinor() {
      return members.stream().mapToLong(Member::amountMinor).sum();
    }

    /** Its credits' ids and their attempts, in the same order. */
    public Tuple addCredits(Tuple before) {
      return before
          .addArrayOfLong(members.stream().map(Member::creditId).toArray(Long[]::new))
          .addArrayOfInteger(members.stream().map(Member::attempt).toArray(Integer[]::new));
    }

    /** What an outcome of it means for each of its credits. */
    public Words said(TransferOutcome outcome) {
      List<Word> words = new ArrayList<>(members.size());
      if (!members.isEmpty()) {
        List<Long> amounts = members.stream().map(Member::amountMinor).toList();
        List<TransferOutcome> shares = Shares.of(amounts, outcome);
        for (int i = 0; i < shares.size(); i++) {
          Member member = members.get(i);
          words.add(
              new Word(endToEndId, member.creditId(), member.attempt(), Said.of(shares.get(i))));
        }
      }
      return new Words(this, words);
    }
  }

  /** One word for each credit of a transfer, to be written once. */
  public final class Words {
    private final Transfer transfer;
    private final List<Word> words;
    private final List<RefusedAccount> refused = new ArrayList<>();
    private boolean broke;

    private Words(Transfer transfer, List<Word> words) {
      this.transfer = transfer;
      this.words = words;
    }

    /** Adds the name of the control totals, and the twelve columns that {@code bank_says} takes. */
    public Tuple addTo(Tuple before) {
      return OutcomeStore.columns(before.addString(outcomes.totals()), words);
    }

    /** Takes a row that {@code bank_says} gave, and counts it. */
    public void wrote(Row row) {
      Verdict verdict = outcomes.verdict(transfer.rail, words, row);
      broke |= verdict == Verdict.BREAK;
      int place = row.getInteger("place") - 1;
      Long account = transfer.members.get(place).accountId();
      Said said = words.get(place).said();
      if (verdict == Verdict.APPLIED && account != null) {
        int version = transfer.members.get(place).version();
        refused.add(new RefusedAccount(account, version, said.reason(), said.code()));
      }
    }

    /** Whether one of the rows was a break, which is counted by now. */
    public boolean broke() {
      return broke;
    }

    /** Closes or freezes accounts that the bank refused as such. Never fails. */
    public Future<Void> closeAccounts() {
      return accounts.close(transfer.rail, refused);
    }
  }

  /** Counts a break that no row of {@code bank_says} told of. */
  public void breakOpened(String rail) {
    metrics.breakOpened(rail);
  }

  /**
   * The transfer that a bank speaks of.
   *
   * @param endToEndId as the bank spells it, whatever that is
   */
  public Future<Transfer> transfer(String rail, String endToEndId) {
    Optional<EndToEndId> id = EndToEndId.parse(endToEndId);
    Future<List<Member>> members =
        id.isPresent() ? outcomes.members(id.get()) : Future.succeededFuture(List.of());
    return members.map(found -> new Transfer(rail, endToEndId, found));
  }
}
