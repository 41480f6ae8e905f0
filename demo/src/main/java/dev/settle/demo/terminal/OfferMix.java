package dev.settle.demo.terminal;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What terminals send: mostly new sales, some that were acknowledged already (a terminal that lost
 * the answer sends again), and a few that no router should take (a terminal that is broken or set
 * up wrongly). Belongs to one thread.
 */
final class OfferMix {

  private static final int REPEATS_PER_THOUSAND = 30;
  private static final int BAD_PER_THOUSAND = 4;

  /** Acknowledged sales that may be repeated. */
  private static final int REMEMBERED = 2_048;

  /** A sale and the credit that it was answered with. */
  private record Acknowledged(Sale sale, String creditId) {}

  private final Random random;
  private final Sales sales;
  private final @Nullable Acknowledged[] remembered = new Acknowledged[REMEMBERED];
  private int acknowledged;

  OfferMix(Random random, Sales sales) {
    this.random = random;
    this.sales = sales;
  }

  /** What is sent next. */
  Offer next(long due) {
    int place = random.nextInt(1_000);
    if (place < REPEATS_PER_THOUSAND) {
      Acknowledged earlier = anyRemembered();
      if (earlier != null) {
        return Offer.repeat(earlier.sale(), earlier.creditId(), due);
      }
    }
    if (place >= 1_000 - BAD_PER_THOUSAND) {
      return Offer.bad(badBody(place % BAD_PER_THOUSAND), due);
    }
    return Offer.sale(sales.next(), due);
  }

  /** Tells that a sale was acknowledged, so that it can be repeated. */
  void remember(Sale sale, String creditId) {
    remembered[acknowledged++ & REMEMBERED - 1] = new Acknowledged(sale, creditId);
  }

  private @Nullable Acknowledged anyRemembered() {
    int known = Math.min(acknowledged, REMEMBERED);
    return acknowledged <= 0 ? null : remembered[random.nextInt(known)];
  }

  private Buffer badBody(int kind) {
    Acknowledged earlier = anyRemembered();
    if (kind == 0 && earlier != null) {
      return earlier
          .sale()
          .document()
          .put("amountMinor", earlier.sale().amountMinor() + 1)
          .toBuffer();
    }
    JsonObject document = sales.next().document();
    return switch (kind) {
      case 1 -> document.put("currency", "XQZ").toBuffer();
      case 2 -> removing(document, "stan");
      case 3 -> document.toBuffer().slice(0, 60).copy();
      default -> document.put("amountMinor", 0).toBuffer();
    };
  }

  private static Buffer removing(JsonObject document, String field) {
    document.remove(field);
    return document.toBuffer();
  }
}
