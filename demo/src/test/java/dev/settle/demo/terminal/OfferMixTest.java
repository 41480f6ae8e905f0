package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.demo.terminal.Offer.Purpose;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OfferMixTest {

  private static final long SEED = 20_261_122;
  private static final int OFFERS = 20_000;
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T20:03:11Z"), ZoneOffset.UTC);

  private static OfferMix mix() {
    Random random = new Random(SEED);
    return new OfferMix(random, new Sales(random, NOON, new TerminalSequence(50, 1_000, 100), 50));
  }

  private static List<Offer> play() {
    OfferMix mix = mix();
    List<Offer> offers = new ArrayList<>();
    for (int i = 0; i < OFFERS; i++) {
      Offer offer = mix.next(i);
      offers.add(offer);
      if (offer.purpose == Purpose.SALE && offer.sale != null) {
        mix.remember(offer.sale, "C" + i);
      }
    }
    return offers;
  }

  @Test
  void mostAreNewSalesSomeAreRepeatsFewAreBad() {
    Map<Purpose, Integer> counts = new EnumMap<>(Purpose.class);
    play().forEach(offer -> counts.merge(offer.purpose, 1, Integer::sum));
    assertThat(counts.get(Purpose.SALE)).isGreaterThan(OFFERS * 95 / 100);
    assertThat(counts.get(Purpose.REPEAT)).isBetween(OFFERS * 2 / 100, OFFERS * 4 / 100);
    assertThat(counts.get(Purpose.BAD)).isBetween(OFFERS / 1_000, OFFERS / 100);
  }

  @Test
  void noTwoNewSalesHaveTheSameKey() {
    Set<String> keys = new HashSet<>();
    for (Offer offer : play()) {
      Sale sale = offer.sale;
      if (offer.purpose == Purpose.SALE && sale != null) {
        assertThat(keys.add(sale.terminalId() + sale.batchNo() + sale.stan())).isTrue();
      }
    }
  }

  @Test
  void aRepeatIsTheSaleThatWasAcknowledgedByteForByte() {
    Map<String, String> bodies = new java.util.HashMap<>();
    int at = 0;
    for (Offer offer : play()) {
      if (offer.purpose == Purpose.SALE) {
        bodies.put("C" + at, offer.body.toString());
      } else if (offer.purpose == Purpose.REPEAT) {
        assertThat(offer.body.toString()).isEqualTo(bodies.get(offer.expectedCredit));
      }
      at++;
    }
  }

  @Test
  void theSameSeedPlaysTheSame() {
    assertThat(play().stream().map(offer -> offer.body.toString()))
        .containsExactlyElementsOf(play().stream().map(offer -> offer.body.toString()).toList());
  }

  @Test
  void salesAreInTheTimeZoneOfTheirTerminals() {
    Sale sale = new Sales(new Random(SEED), NOON, new TerminalSequence(9, 1_000, 1), 9).next();
    assertThat(sale.localDate()).isEqualTo("2026-11-23");
    assertThat(sale.capturedAt()).isEqualTo("2026-11-23T04:03:11+08:00");
    assertThat(sale.rrn()).isEqualTo("632704000001");
    assertThat(sale.amountMinor()).isBetween(300L, 4_900_000L);
  }
}
