package dev.settle.demo.terminal;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a terminal sends until it is answered: always the same bytes. Belongs to one
 * thread.
 */
final class Offer {

  /** Why it is sent, and with it what the answer must be. */
  enum Purpose {
    /** A new sale: 201, or 200 when an earlier attempt got through and its answer did not. */
    SALE,
    /** A sale that was acknowledged before: 200 with the same credit. */
    REPEAT,
    /** Something no router should take: refused. */
    BAD
  }

  final Purpose purpose;
  final Buffer body;

  /** The sale, or null when what is sent is not one. */
  final @Nullable Sale sale;

  /** The credit that the router named before, for a repeat. */
  final @Nullable String expectedCredit;

  /**
   * When it was due, as {@link System#nanoTime()}: latency counts from here, whenever it was really
   * sent.
   */
  final long due;

  /** When it was made, before it was first sent. */
  final Instant offeredAt = Instant.now();

  int attempts;

  private Offer(
      Purpose purpose,
      Buffer body,
      @Nullable Sale sale,
      @Nullable String expectedCredit,
      long due) {
    this.purpose = purpose;
    this.body = body;
    this.sale = sale;
    this.expectedCredit = expectedCredit;
    this.due = due;
  }

  static Offer sale(Sale sale, long due) {
    return new Offer(Purpose.SALE, sale.document().toBuffer(), sale, null, due);
  }

  static Offer repeat(Sale sale, String creditId, long due) {
    return new Offer(Purpose.REPEAT, sale.document().toBuffer(), sale, creditId, due);
  }

  static Offer bad(Buffer body, long due) {
    return new Offer(Purpose.BAD, body, null, null, due);
  }
}
