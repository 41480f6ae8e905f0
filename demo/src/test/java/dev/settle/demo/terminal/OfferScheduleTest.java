package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OfferScheduleTest {

  private static final long SECOND = 1_000_000_000;
  private static final long START = -5 * SECOND; // System.nanoTime() may well be negative

  @Test
  void offersAreEvenlySpaced() {
    OfferSchedule schedule = new OfferSchedule(4, START, 0);
    assertThat(schedule.due(START)).isEqualTo(1);
    assertThat(schedule.take()).isEqualTo(START);
    assertThat(schedule.take()).isEqualTo(START + SECOND / 4);
    assertThat(schedule.due(START + SECOND / 4)).isZero();
    assertThat(schedule.due(START + SECOND / 2)).isEqualTo(1);
  }

  @Test
  void aSecondHoldsTheWholeRate() {
    OfferSchedule schedule = new OfferSchedule(700, START, 0);
    int taken = 0;
    for (long now = START; now < START + 10 * SECOND; now += SECOND / 100) {
      for (int due = schedule.due(now); due > 0; due--) {
        schedule.take();
        taken++;
      }
    }
    assertThat(taken).isBetween(6_990, 7_000);
    assertThat(schedule.skipped()).isZero();
  }

  @Test
  void aPauseIsNotMadeUpByABurst() {
    OfferSchedule schedule = new OfferSchedule(1_000, START, 0);
    assertThat(schedule.due(START + 60 * SECOND)).isEqualTo(500);
    assertThat(schedule.skipped()).isEqualTo(59_501);
    assertThat(schedule.take()).isGreaterThan(START + 59 * SECOND);
  }

  @Test
  void aMonthAtTheHighestRateDoesNotOverflow() {
    OfferSchedule schedule = new OfferSchedule(100_000, START, 0);
    long now = START + 30L * 24 * 3_600 * SECOND;
    schedule.due(now);
    assertThat(now - schedule.take()).isBetween(0L, SECOND);
  }

  @Test
  void nothingIsDueBeforeTheStart() {
    assertThat(new OfferSchedule(10, START, 0).due(START - 1)).isZero();
  }

  @Test
  void theRateRisesEvenlyAndThenStays() {
    OfferSchedule schedule = new OfferSchedule(1_000, START, 10 * SECOND);
    int[] inSecond = new int[20];
    for (long now = START; now < START + 20 * SECOND; now += SECOND / 100) {
      for (int due = schedule.due(now); due > 0; due--) {
        long time = schedule.take();
        assertThat(time).isBetween(START, now);
        inSecond[(int) ((time - START) / SECOND)]++;
      }
    }
    assertThat(inSecond[0]).isBetween(45, 55);
    assertThat(inSecond[5]).isBetween(540, 560);
    assertThat(inSecond[9]).isBetween(940, 960);
    assertThat(inSecond[10]).isBetween(998, 1_002);
    assertThat(inSecond[19]).isBetween(980, 1_001);
    assertThat(schedule.skipped()).isZero();
  }
}
