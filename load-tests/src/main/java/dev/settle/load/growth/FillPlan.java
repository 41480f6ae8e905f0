package dev.settle.load.growth;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Which credits of which month a history has: as many each month, the present one up to yesterday,
 * older ones the further back the more there are. A batch's place in time is its id's.
 *
 * @param months the present one first
 */
record FillPlan(List<Month> months) {

  /** Credits of one batch, as a busy router commits them. */
  static final int BATCH = 500;

  /** The most credits of one month. */
  static final int PER_MONTH = 10_000_000;

  /**
   * A month's share.
   *
   * @param first its first day
   * @param days with sales
   * @param fromBatch the first batch that is to be made, counted from the oldest of all months
   * @param toBatch the batch after the last
   */
  record Month(LocalDate first, int days, long fromBatch, long toBatch) {

    long credits() {
      return (toBatch - fromBatch) * BATCH;
    }

    String partition() {
      return String.format("credit_%04d%02d", first.getYear(), first.getMonthValue());
    }
  }

  /** Batches of all months, up to {@code most} credits. */
  static long batches(long most) {
    return monthsOf(most) * (PER_MONTH / BATCH);
  }

  private static long monthsOf(long credits) {
    return (credits + PER_MONTH - 1) / PER_MONTH;
  }

  /**
   * What has to be made for a history to grow.
   *
   * @param today sales are before it
   * @param have credits that it has
   * @param want credits that it is to have
   * @param most credits that it may grow to: older months have smaller ids from the beginning on
   */
  static FillPlan of(LocalDate today, long have, long want, long most) {
    List<Month> months = new ArrayList<>();
    long perMonth = PER_MONTH / BATCH;
    for (int back = 0; back < monthsOf(want); back++) {
      long base = (monthsOf(most) - 1 - back) * perMonth;
      long from = batchesOfMonth(have, back);
      long to = batchesOfMonth(want, back);
      if (to > from) {
        LocalDate first = today.minusDays(1).withDayOfMonth(1).minusMonths(back);
        int days = back == 0 ? today.minusDays(1).getDayOfMonth() : first.lengthOfMonth();
        months.add(new Month(first, days, base + from, base + to));
      }
    }
    return new FillPlan(months);
  }

  private static long batchesOfMonth(long credits, int back) {
    long left = credits - (long) back * PER_MONTH;
    return Math.max(0, Math.min(PER_MONTH, left)) / BATCH;
  }
}
