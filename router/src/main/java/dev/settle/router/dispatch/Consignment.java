package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.credit.BatchState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Batches of one rail and currency that are claimed, sent and settled together.
 *
 * @param slot its place among the consignments of its rail that are under way, from 0
 */
record Consignment(String rail, String currency, int slot, List<Batch> batches) {

  /** A credit and the batch it is in. */
  record Item(Batch batch, BatchMember member) {}

  List<Item> items() {
    List<Item> items = new ArrayList<>();
    for (Batch batch : batches) {
      batch.members().forEach(member -> items.add(new Item(batch, member)));
    }
    return items;
  }

  /**
   * Whether these batches are to be claimed, or were claimed before, by this node or by one that
   * died.
   */
  boolean needsClaim() {
    return batches.get(0).state() == BatchState.RECORDED;
  }

  Consignment with(List<Batch> others) {
    return new Consignment(rail, currency, slot, others);
  }

  Consignment only(Set<Long> batchIds) {
    return with(batches.stream().filter(b -> batchIds.contains(b.batchId())).toList());
  }
}
