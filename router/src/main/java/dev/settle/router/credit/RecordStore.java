package dev.settle.router.credit;

import dev.settle.router.credit.Receipt.Outcome;
import dev.settle.router.explanation.Reason;
import dev.settle.router.money.Money;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.transaction.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records one group commit in PostgreSQL: one statement, one commit, one answer for every row. */
final class RecordStore {

  private static final String RECORD =
      "SELECT * FROM record_credits("
          + "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)";

  private final Pool pool;
  private final long owner;
  private final String writer;

  /**
   * @param owner the node's lease id, which owns the batches made
   * @param writer the name of this event loop's control totals
   */
  RecordStore(Pool pool, long owner, String writer) {
    this.pool = pool;
    this.owner = owner;
    this.writer = writer + " accepted";
  }

  /**
   * What a commit did.
   *
   * @param receipts one for each row, in the rows' order
   * @param batches the batches made that have something to send
   */
  record Recorded(List<Receipt> receipts, List<Batch> batches) {}

  /** Records rows that are sorted by key. When the future succeeds, the commit is durable. */
  Future<Recorded> record(List<Decided> rows) {
    CommitColumns columns = new CommitColumns(rows);
    return pool.preparedQuery(RECORD)
        .execute(columns.parameters(owner, writer))
        .map(result -> read(result.iterator().next(), columns, rows));
  }

  private Recorded read(Row row, CommitColumns columns, List<Decided> rows) {
    Long[] batchIds = row.getArrayOfLongs("o_batches");
    Receipt[] receipts = new Receipt[rows.size()];
    Integer[] fresh = row.getArrayOfIntegers("o_fresh");
    List<List<BatchMember>> members = new ArrayList<>();
    columns.groups().forEach(group -> members.add(new ArrayList<>(rows.size())));
    for (int n = 0; n < (fresh == null ? rows.size() : fresh.length); n++) {
      int i = fresh == null ? n : fresh[n] - 1;
      int group = columns.groupOfRow(i);
      long creditId = CreditId.of(batchIds[group], i + 1);
      receipts[i] = accepted(rows.get(i), creditId, members.get(group));
    }
    if (fresh != null) {
      readKnown(row, rows, receipts);
    }
    return new Recorded(Arrays.asList(receipts), batches(batchIds, columns, members));
  }

  private static Receipt accepted(Decided row, long creditId, List<BatchMember> members) {
    if (row.decision() instanceof Held held) {
      return new Receipt(Outcome.ACCEPTED, creditId, held.reason());
    }
    Routed routed = (Routed) row.decision();
    Transaction transaction = row.transaction();
    members.add(
        new BatchMember(
            creditId,
            1,
            transaction.key().merchantId(),
            transaction.key().terminalId(),
            transaction.amount().minor(),
            routed.accountId(),
            routed.version()));
    return new Receipt(Outcome.ACCEPTED, creditId, null);
  }

  private static void readKnown(Row row, List<Decided> rows, @Nullable Receipt[] receipts) {
    Integer[] places = row.getArrayOfIntegers("o_known");
    Long[] credits = row.getArrayOfLongs("o_known_credits");
    Long[] amounts = row.getArrayOfLongs("o_known_amounts");
    String[] currencies = row.getArrayOfStrings("o_known_currencies");
    String[] rrns = row.getArrayOfStrings("o_known_rrns");
    var captured = row.getArrayOfOffsetDateTimes("o_known_captured");
    String[] reasons = row.getArrayOfStrings("o_known_reasons");
    for (int n = 0; n < places.length; n++) {
      int i = places[n] - 1;
      boolean same =
          rows.get(i)
              .transaction()
              .saysTheSameAs(new Money(amounts[n], currencies[n]), rrns[n], captured[n]);
      Reason heldFor = reasons[n] == null ? null : Reason.valueOf(reasons[n]);
      receipts[i] =
          same
              ? new Receipt(Outcome.REPLAYED, credits[n], heldFor)
              : new Receipt(Outcome.CONFLICT, 0, null);
    }
  }

  private static List<Batch> batches(
      @Nullable Long[] batchIds, CommitColumns columns, List<List<BatchMember>> members) {
    List<Batch> batches = new ArrayList<>(members.size());
    Instant now = Instant.now();
    for (int g = 0; g < members.size(); g++) {
      RecordedGroup group = columns.groups().get(g);
      Long batchId = batchIds[g];
      if (batchId != null && group.rail() != null && !members.get(g).isEmpty()) {
        batches.add(Batch.recorded(batchId, group.rail(), group.currency(), now, members.get(g)));
      }
    }
    return batches;
  }
}
