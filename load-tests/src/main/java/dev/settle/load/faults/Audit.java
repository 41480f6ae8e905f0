package dev.settle.load.faults;

import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.sandbox.bank.Booking;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds what terminals were told and what people did to cards against the bank's books, knowing
 * nothing of the router but the shape of its ids: every acknowledged sale is paid, once, in full,
 * to a card of its merchant that was not superseded and not frozen. Shares no code with the router.
 *
 * <p>What was already on its way when a card changed may be paid to the old one; so a card counts
 * as superseded only for sales that were offered after the answer to its change, and as frozen for
 * those offered after the answer to the freeze and booked before the thaw was asked for.
 */
final class Audit {

  /** Violations of one kind that are told one by one. */
  private static final int EXAMPLES = 5;

  private static final Pattern END_TO_END = Pattern.compile("(C[0-9A-V]+)-([0-9]+)");

  /** What must not happen. */
  enum Broken {
    LOST("acknowledged and not paid"),
    DOUBLED("paid twice"),
    AMOUNT("paid another amount"),
    UNKNOWN("paid and never acknowledged"),
    ONE_CREDIT_FOR_TWO_SALES("one credit for two sales"),
    TWO_CREDITS_FOR_ONE_SALE("two credits for one sale"),
    FOREIGN("paid to a card that is not the merchant's"),
    TOO_EARLY("paid to a card before it was asked for"),
    SUPERSEDED("paid to a superseded card"),
    FROZEN("paid to a frozen card"),
    CONSERVATION("accepted is not posted plus unposted"),
    REQUEST_FAILED("requests that failed in a rolling restart"),
    NOT_CONVERGED("nodes that did not come back"),
    INVARIANT("an invariant does not hold"),
    RUN("the run itself went wrong");

    private final String what;

    Broken(String what) {
      this.what = what;
    }

    String what() {
      return what;
    }
  }

  /** Violations by kind. */
  static final class Findings {

    private final Map<Broken, List<String>> examples = new EnumMap<>(Broken.class);
    private final Map<Broken, Long> counts = new EnumMap<>(Broken.class);

    void add(Broken broken, String example) {
      counts.merge(broken, 1L, Long::sum);
      List<String> kept = examples.computeIfAbsent(broken, kind -> new ArrayList<>());
      if (kept.size() < EXAMPLES) {
        kept.add(example);
      }
    }

    long count(Broken broken) {
      return counts.getOrDefault(broken, 0L);
    }

    List<String> examples(Broken broken) {
      return examples.getOrDefault(broken, List.of());
    }

    boolean isClean() {
      return counts.isEmpty();
    }
  }

  private record Payment(int attempt, Booking booking) {}

  private final Map<String, CardHistory> histories = new HashMap<>();
  private final Map<String, List<Payment>> payments = new HashMap<>();
  private final Findings findings;

  private Audit(Findings findings) {
    this.findings = findings;
  }

  /** Checks everything; what is wrong goes to {@code findings}. */
  static void check(
      Collection<Acknowledgement> told,
      Collection<Booking> booked,
      Collection<CardHistory> histories,
      Findings findings) {
    Audit audit = new Audit(findings);
    histories.forEach(history -> audit.histories.put(history.merchantId(), history));
    booked.stream().filter(b -> b.kind() == Booking.Kind.CREDIT).forEach(audit::booked);
    audit.told(told);
    audit.payments.forEach(
        (credit, paid) -> findings.add(Broken.UNKNOWN, credit + " " + paid.get(0).booking()));
  }

  private void booked(Booking booking) {
    Matcher id = END_TO_END.matcher(booking.endToEndId());
    if (!id.matches()) {
      findings.add(Broken.UNKNOWN, booking.toString());
      return;
    }
    payments
        .computeIfAbsent(id.group(1), credit -> new ArrayList<>(1))
        .add(new Payment(Integer.parseInt(id.group(2)), booking));
  }

  private void told(Collection<Acknowledgement> told) {
    Set<String> credits = new HashSet<>();
    Map<String, String> creditOfSale = new HashMap<>();
    for (Acknowledgement sale : told) {
      if (!credits.add(sale.creditId())) {
        findings.add(Broken.ONE_CREDIT_FOR_TWO_SALES, sale.toString());
      }
      String other = creditOfSale.put(key(sale), sale.creditId());
      if (other != null) {
        findings.add(Broken.TWO_CREDITS_FOR_ONE_SALE, other + " and " + sale);
      }
      paid(sale, payments.remove(sale.creditId()));
    }
  }

  private static String key(Acknowledgement sale) {
    return String.join(
        " ",
        sale.acquirerId(),
        sale.merchantId(),
        sale.terminalId(),
        sale.batchNo(),
        sale.stan(),
        sale.localDate(),
        sale.type());
  }

  private void paid(Acknowledgement sale, @Nullable List<Payment> paid) {
    if (paid == null) {
      findings.add(Broken.LOST, sale.toString());
      return;
    }
    if (paid.size() > 1) {
      findings.add(Broken.DOUBLED, sale.creditId() + " " + paid);
    }
    for (Payment payment : paid) {
      Booking booking = payment.booking();
      if (booking.amountMinor() != sale.amountMinor()
          || !booking.currency().equals(sale.currency())) {
        findings.add(Broken.AMOUNT, sale + " " + booking);
      }
      card(sale, booking);
    }
  }

  private void card(Acknowledgement sale, Booking booking) {
    CardHistory history = histories.get(sale.merchantId());
    int place = history == null ? -1 : place(history, booking.account());
    if (history == null || place < 0) {
      findings.add(Broken.FOREIGN, sale + " " + booking);
      return;
    }
    CardHistory.Card card = history.cards().get(place);
    if (booking.bookedAt().isBefore(card.asked())) {
      findings.add(Broken.TOO_EARLY, sale + " " + booking);
    }
    if (place < history.surely(sale.offeredAt())) {
      findings.add(Broken.SUPERSEDED, sale + " " + booking);
    }
    for (CardHistory.Frozen frozen : card.frozen()) {
      if (frozen.holds(sale.offeredAt()) && frozen.holds(booking.bookedAt())) {
        findings.add(Broken.FROZEN, sale + " " + booking);
      }
    }
  }

  private static int place(CardHistory history, String number) {
    for (int place = 0; place < history.cards().size(); place++) {
      if (history.cards().get(place).number().equals(number)) {
        return place;
      }
    }
    return -1;
  }
}
