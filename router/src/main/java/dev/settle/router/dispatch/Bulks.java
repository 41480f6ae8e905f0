package dev.settle.router.dispatch;

import dev.settle.router.rail.Rail;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Speaks to a rail in requests no larger than it takes, one after the other. */
final class Bulks {

  private Bulks() {}

  /**
   * One outcome for each transfer, in their order. What a request without a clear answer held, and
   * what was not sent after it, is unclear. Fails when no request was answered.
   *
   * @param apart for each transfer, whether it goes in a request of its own, after the others
   */
  static Future<List<TransferOutcome>> send(
      Rail rail, List<Transfer> transfers, List<Boolean> apart, SendBy by) {
    int most = rail.capabilities().bulkSize();
    List<List<Integer>> bulks = new ArrayList<>();
    List<List<Integer>> singles = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < transfers.size(); i++) {
      if (apart.get(i) && transfers.size() > 1) {
        singles.add(List.of(i));
        continue;
      }
      if (open.size() == most) {
        bulks.add(open);
        open = new ArrayList<>();
      }
      open.add(i);
    }
    if (!open.isEmpty()) {
      bulks.add(open);
    }
    bulks.addAll(singles);
    return new Round<>(transfers, bulks, bulk -> rail.send(bulk, by)).next(0);
  }

  /** As {@link #send}, with questions. */
  static Future<List<TransferOutcome>> enquire(Rail rail, List<Parcel> parcels) {
    int most = rail.capabilities().enquiryBulk();
    List<List<Integer>> bulks = new ArrayList<>();
    for (int from = 0; from < parcels.size(); from += most) {
      List<Integer> bulk = new ArrayList<>();
      for (int i = from; i < Math.min(from + most, parcels.size()); i++) {
        bulk.add(i);
      }
      bulks.add(bulk);
    }
    return new Round<>(parcels.stream().map(Parcel::enquiry).toList(), bulks, rail::enquire)
        .next(0);
  }

  /** Requests one after the other, until one is not answered. */
  private static final class Round<T> {
    private final List<T> things;
    private final List<List<Integer>> bulks;
    private final Function<List<T>, Future<List<TransferOutcome>>> request;
    private final List<TransferOutcome> outcomes;

    Round(
        List<T> things,
        List<List<Integer>> bulks,
        Function<List<T>, Future<List<TransferOutcome>>> request) {
      this.things = things;
      this.bulks = bulks;
      this.request = request;
      this.outcomes = new ArrayList<>(things.size());
      things.forEach(thing -> outcomes.add(TransferOutcome.UNCLEAR));
    }

    Future<List<TransferOutcome>> next(int n) {
      if (n == bulks.size()) {
        return Future.succeededFuture(outcomes);
      }
      List<Integer> bulk = bulks.get(n);
      return request
          .apply(bulk.stream().map(things::get).toList())
          .transform(
              answer -> {
                if (answer.failed()) {
                  return n == 0
                      ? Future.failedFuture(answer.cause())
                      : Future.succeededFuture(outcomes);
                }
                for (int i = 0; i < bulk.size(); i++) {
                  outcomes.set(bulk.get(i), answer.result().get(i));
                }
                return next(n + 1);
              });
    }
  }
}
