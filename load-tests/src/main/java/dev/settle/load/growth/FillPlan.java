package dev.settle.load.growth;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Which credits of which month a history has: as many each month, the present one up to yesterday,
 * older ones the further back the more there are. A batch's place in time is its id's.
 *
 * @param perMonth the most credits of one month
 * @param most credits that the history may grow to: older months have smaller ids from the
 *     beginning on
 * @param today sales are before it
 */
record FillPlan(long perMonth, long most, LocalDate today) {

  /** Credits of one batch, as a busy router commits them. */
  static final int BATCH = 500;

  /**
   * A month's share.
   *
   * @param first its first day
   * @param days with sales
   * @param whole batches of a whole month
   * @param fromBatch the first batch that is to be made, counted from the oldest of all months
   * @param toBatch the batch after the last
   */
  record Month(LocalDate first, int days, long whole, long fromBatch, long toBatch) {

    /** Where its batches begin, whether they are made yet or not. */
    long base() {
      return fromBatch / whole * whole;
    }

    String partition() {
      return FillPlan.partition(first);
    }
  }

  /** Batches of all months. */
  long batches() {
    return monthsOf(most) * perMonth / BATCH;
  }

  private long monthsOf(long credits) {
    return (credits + perMonth - 1) / perMonth;
  }

  /** The first day of the month that the newest sales are of. */
  LocalDate newest() {
    return today.minusDays(1).withDayOfMonth(1);
  }

  /** The first day of the month that the oldest sales may be of. */
  LocalDate oldest() {
    return newest().minusMonths(Math.max(1, monthsOf(most)) - 1);
  }

  /**
   * What has to be made for the history to grow, the newest month first.
   *
   * @param have credits that it has
   * @param want credits that it is to have
   */
  List<Month> growth(long have, long want) {
    List<Month> months = new ArrayList<>();
    long whole = perMonth / BATCH;
    for (int back = 0; back < monthsOf(want); back++) {
      long base = (monthsOf(most) - 1 - back) * whole;
      long from = batchesOfMonth(have, back);
      long to = batchesOfMonth(want, back);
      if (to > from) {
        LocalDate first = newest().minusMonths(back);
        int days = back == 0 ? today.minusDays(1).getDayOfMonth() : first.lengthOfMonth();
        months.add(new Month(first, days, whole, base + from, base + to));
      }
    }
    return months;
  }

  private long batchesOfMonth(long credits, int back) {
    return Math.max(0, Math.min(perMonth, credits - back * perMonth)) / BATCH;
  }

  static String partition(LocalDate month) {
    return String.format("credit_%04d%02d", month.getYear(), month.getMonthValue());
  }
}
