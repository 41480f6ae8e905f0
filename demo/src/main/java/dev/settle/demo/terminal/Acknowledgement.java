package dev.settle.demo.terminal;

import java.time.Instant;

/**
 * What a terminal was told: this sale is owed, under this credit. As a line of the journal: the
 * credit's id, when the sale was first offered (milliseconds of the epoch, never later than it was
 * sent), the seven fields of the sale's key, its amount in minor units and its currency, with
 * commas between them, which none of them can contain.
 */
public record Acknowledgement(
    String creditId,
    Instant offeredAt,
    String acquirerId,
    String merchantId,
    String terminalId,
    String batchNo,
    String stan,
    String localDate,
    String type,
    long amountMinor,
    String currency) {

  private static final int FIELDS = 11;

  static Acknowledgement of(String creditId, Instant offeredAt, Sale sale) {
    return new Acknowledgement(
        creditId,
        offeredAt,
        sale.acquirerId(),
        sale.merchantId(),
        sale.terminalId(),
        sale.batchNo(),
        sale.stan(),
        sale.localDate(),
        sale.type(),
        sale.amountMinor(),
        sale.currency());
  }

  /** The line of the journal, without its end. */
  public String line() {
    return String.join(
        ",",
        creditId,
        Long.toString(offeredAt.toEpochMilli()),
        acquirerId,
        merchantId,
        terminalId,
        batchNo,
        stan,
        localDate,
        type,
        Long.toString(amountMinor),
        currency);
  }

  /** Whether this is a line to its end: the currency, always three letters, stands last. */
  static boolean isWhole(String line) {
    String[] fields = line.split(",", -1);
    return fields.length == FIELDS && fields[FIELDS - 1].length() == 3;
  }

  /** Reads a line back; throws {@link IllegalArgumentException} when it is not one. */
  static Acknowledgement parse(String line) {
    if (!isWhole(line)) {
      throw new IllegalArgumentException("not an acknowledgement: " + line);
    }
    String[] f = line.split(",", -1);
    return new Acknowledgement(
        f[0],
        Instant.ofEpochMilli(Long.parseLong(f[1])),
        f[2],
        f[3],
        f[4],
        f[5],
        f[6],
        f[7],
        f[8],
        Long.parseLong(f[9]),
        f[10]);
  }
}
