package dev.settle.router.credit;

import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.transaction.Transaction;
import dev.settle.router.transaction.TransactionKey;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one commit as columns, the shape in which {@code record_credits} takes them. A row's
 * place is its position here, from 1.
 */
final class CommitColumns {

  private final List<RecordedGroup> groups = new ArrayList<>(2);
  private final Integer[] group;
  private final String[] merchants;
  private final String[] terminals;
  private final LocalDate[] dates;
  private final Integer[] batchNos;
  private final Integer[] stans;
  private final String[] types;
  private final String[] acquirers;
  private final Long[] amounts;
  private final String[] rrns;
  private final OffsetDateTime[] captured;
  private final @Nullable Long[] accounts;
  private final Integer[] versions;
  private final @Nullable String[] reasons;
  private boolean anyHeld;

  /** Takes rows that are sorted by key. */
  CommitColumns(List<Decided> rows) {
    int size = rows.size();
    group = new Integer[size];
    merchants = new String[size];
    terminals = new String[size];
    dates = new LocalDate[size];
    batchNos = new Integer[size];
    stans = new Integer[size];
    types = new String[size];
    acquirers = new String[size];
    amounts = new Long[size];
    rrns = new String[size];
    captured = new OffsetDateTime[size];
    accounts = new Long[size];
    versions = new Integer[size];
    reasons = new String[size];
    for (int i = 0; i < size; i++) {
      put(i, rows.get(i).transaction());
      put(i, rows.get(i).decision(), rows.get(i).transaction().amount().currency());
    }
  }

  private void put(int i, Transaction transaction) {
    TransactionKey key = transaction.key();
    merchants[i] = key.merchantId();
    terminals[i] = key.terminalId();
    dates[i] = key.localDate();
    batchNos[i] = key.batchNo();
    stans[i] = key.stan();
    types[i] = key.type().name();
    acquirers[i] = key.acquirerId();
    amounts[i] = transaction.amount().minor();
    rrns[i] = transaction.rrn();
    captured[i] = transaction.capturedAt();
  }

  private void put(int i, Decision decision, String currency) {
    versions[i] = decision.version();
    if (decision instanceof Routed routed) {
      group[i] = groupOf(routed.rail(), currency) + 1;
      accounts[i] = routed.accountId();
    } else if (decision instanceof Held held) {
      group[i] = groupOf(null, currency) + 1;
      reasons[i] = held.reason().name();
      anyHeld = true;
    }
  }

  private int groupOf(@Nullable String rail, String currency) {
    RecordedGroup wanted = new RecordedGroup(rail, currency);
    int index = groups.indexOf(wanted);
    if (index < 0) {
      groups.add(wanted);
      index = groups.size() - 1;
    }
    return index;
  }

  List<RecordedGroup> groups() {
    return groups;
  }

  /** The group of row {@code i}, from 0. */
  int groupOfRow(int i) {
    return group[i] - 1;
  }

  Tuple parameters(long owner, String writer) {
    return Tuple.tuple()
        .addLong(owner)
        .addString(writer)
        .addArrayOfString(groups.stream().map(RecordedGroup::rail).toArray(String[]::new))
        .addArrayOfString(groups.stream().map(RecordedGroup::currency).toArray(String[]::new))
        .addArrayOfInteger(group)
        .addArrayOfString(merchants)
        .addArrayOfString(terminals)
        .addArrayOfLocalDate(dates)
        .addArrayOfInteger(batchNos)
        .addArrayOfInteger(stans)
        .addArrayOfString(types)
        .addArrayOfString(acquirers)
        .addArrayOfLong(amounts)
        .addArrayOfString(rrns)
        .addArrayOfOffsetDateTime(captured)
        .addArrayOfLong(accounts)
        .addArrayOfInteger(versions)
        .addArrayOfString(anyHeld ? reasons : new String[0]);
  }
}
