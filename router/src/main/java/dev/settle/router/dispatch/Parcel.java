package dev.settle.router.dispatch;

import static java.util.Objects.requireNonNull;

import dev.settle.router.binding.Payee;
import dev.settle.router.credit.Batch;
import dev.settle.router.credit.EndToEndId;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is one transfer at the bank: a credit, or all credits of a batch to one account where the
 * rail wants it so. Pure.
 */
record Parcel(String endToEndId, long accountId, String currency, List<Item> items) {

  /** The parcels of a claimed consignment. */
  static List<Parcel> of(Consignment consignment) {
    List<Parcel> parcels = new ArrayList<>();
    for (Batch batch : consignment.batches()) {
      if (batch.onePerAccount()) {
        parcels.addAll(onePerAccount(batch));
      } else {
        batch
            .members()
            .forEach(member -> parcels.add(parcel(batch, List.of(new Item(batch, member)))));
      }
    }
    return parcels;
  }

  private static List<Parcel> onePerAccount(Batch batch) {
    Map<Long, List<Item>> byAccount = new LinkedHashMap<>();
    batch
        .members()
        .forEach(
            member ->
                byAccount
                    .computeIfAbsent(member.accountId(), id -> new ArrayList<>())
                    .add(new Item(batch, member)));
    return byAccount.values().stream().map(items -> parcel(batch, items)).toList();
  }

  private static Parcel parcel(Batch batch, List<Item> items) {
    var first = items.get(0).member();
    return new Parcel(
        EndToEndId.of(batch.batchId(), batch.onePerAccount(), first).text(),
        first.accountId(),
        batch.currency(),
        items);
  }

  long amountMinor() {
    long minor = 0;
    for (Item item : items) {
      minor = Math.addExact(minor, item.member().amountMinor());
    }
    return minor;
  }

  Transfer transfer(Map<Long, Payee> payees) {
    Payee payee = requireNonNull(payees.get(accountId), "the vault opens every account");
    return new Transfer(endToEndId, payee, amountMinor(), currency);
  }

  Enquiry enquiry() {
    return new Enquiry(endToEndId, amountMinor());
  }

  /** What an outcome of the whole means for each item, in their order. */
  List<TransferOutcome> shares(TransferOutcome outcome) {
    return items.size() == 1
        ? List.of(outcome)
        : Shares.of(items.stream().map(item -> item.member().amountMinor()).toList(), outcome);
  }
}
