package dev.settle.load.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.load.faults.Audit.Broken;
import dev.settle.load.faults.Audit.Findings;
import dev.settle.load.faults.CardHistory.Card;
import dev.settle.load.faults.CardHistory.Frozen;
import dev.settle.sandbox.bank.Booking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each promise broken in evidence that is right but for that. */
class AuditTest {

  private static final Instant CHANGED = second(100);

  private final List<Acknowledgement> told =
      new ArrayList<>(List.of(sale("C01", 1, 10), sale("C02", 2, 90), sale("C03", 3, 120)));

  private final List<Booking> booked =
      new ArrayList<>(
          List.of(
              booking("C01-1", "old", 11),
              // On its way when the card changed.
              booking("C02-1", "old", 101),
              booking("C03-2", "new", 121)));

  private final List<CardHistory> cards =
      List.of(
          history(
              "M1",
              new Card("old", Instant.EPOCH, Instant.EPOCH, List.of()),
              new Card("new", second(99), CHANGED, List.of(new Frozen(second(200), second(210))))),
          history("M2", new Card("other", Instant.EPOCH, Instant.EPOCH, List.of())));

  private static Instant second(int second) {
    return Instant.ofEpochSecond(1_790_000_000L + second);
  }

  private static CardHistory history(String merchant, Card... cards) {
    return new CardHistory(merchant, Arrays.asList(cards));
  }

  private static Acknowledgement sale(String credit, int stan, int offered) {
    return new Acknowledgement(
        credit,
        second(offered),
        "48201000",
        "M1",
        "T1",
        "001000",
        String.format("%06d", stan),
        "2026-11-22",
        "SALE",
        500,
        "CNY");
  }

  private static Booking booking(String id, String card, int at) {
    return new Booking(id, card, 500, "CNY", second(at), Booking.Kind.CREDIT);
  }

  private Findings findings() {
    Findings findings = new Findings();
    Audit.check(told, booked, cards, findings);
    return findings;
  }

  private void found(Broken... broken) {
    Findings findings = findings();
    for (Broken kind : Broken.values()) {
      assertThat(findings.count(kind))
          .as(kind.name())
          .isEqualTo(Arrays.asList(broken).contains(kind) ? 1 : 0);
    }
  }

  @Test
  void what_is_right_has_no_findings() {
    assertThat(findings().isClean()).isTrue();
  }

  @Test
  void an_acknowledged_sale_that_was_not_paid_is_lost() {
    booked.remove(0);
    found(Broken.LOST);
  }

  @Test
  void two_attempts_that_were_both_booked_are_doubled() {
    booked.add(booking("C01-2", "old", 12));
    found(Broken.DOUBLED);
  }

  @Test
  void the_same_transfer_booked_again_is_doubled() {
    booked.add(booking("C01-1", "old", 12));
    found(Broken.DOUBLED);
  }

  @Test
  void another_amount_is_told() {
    booked.set(0, new Booking("C01-1", "old", 501, "CNY", second(11), Booking.Kind.CREDIT));
    found(Broken.AMOUNT);
  }

  @Test
  void a_payment_that_nobody_was_promised_is_unknown() {
    booked.add(booking("C09-1", "old", 12));
    found(Broken.UNKNOWN);
  }

  @Test
  void an_id_that_is_not_the_routers_is_unknown() {
    booked.add(booking("X", "old", 12));
    found(Broken.UNKNOWN);
  }

  @Test
  void a_card_of_another_merchant_is_foreign() {
    booked.set(0, booking("C01-1", "other", 11));
    found(Broken.FOREIGN);
  }

  @Test
  void a_card_that_nobody_had_asked_for_is_too_early() {
    booked.set(0, booking("C01-1", "new", 11));
    found(Broken.TOO_EARLY);
  }

  @Test
  void a_sale_after_the_change_was_answered_may_not_go_to_the_old_card() {
    booked.set(2, booking("C03-2", "old", 121));
    found(Broken.SUPERSEDED);
  }

  @Test
  void a_sale_in_a_freeze_may_not_be_paid_before_its_end() {
    told.set(2, sale("C03", 3, 201));
    booked.set(2, booking("C03-1", "new", 205));
    found(Broken.FROZEN);

    booked.set(2, booking("C03-1", "new", 211));
    found();
  }

  @Test
  void one_sale_has_one_credit_and_one_credit_one_sale() {
    told.set(1, sale("C02", 1, 90));
    found(Broken.TWO_CREDITS_FOR_ONE_SALE);

    told.set(1, sale("C02", 2, 90));
    told.add(sale("C02", 4, 90));
    assertThat(findings().count(Broken.ONE_CREDIT_FOR_TWO_SALES)).isEqualTo(1);
  }

  @Test
  void a_change_that_was_never_answered_may_or_may_not_be_in_effect() {
    List<CardHistory> unsure =
        List.of(
            history(
                "M1",
                new Card("old", Instant.EPOCH, Instant.EPOCH, List.of()),
                new Card("new", second(99), null, List.of())));
    for (String card : List.of("old", "new")) {
      booked.set(2, booking("C03-2", card, 121));
      Findings findings = new Findings();
      Audit.check(told, booked, unsure, findings);
      assertThat(findings.isClean()).isTrue();
    }
  }
}
