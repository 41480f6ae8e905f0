package dev.settle.demo.terminal;

/**
 * What a terminal was told: this sale is owed, under this credit. As a line of the journal: the
 * credit's id, the seven fields of the sale's key, its amount in minor units and its currency, with
 * commas between them, which none of them can contain.
 */
public record Acknowledgement(
    String creditId,
    String acquirerId,
    String merchantId,
    String terminalId,
    String batchNo,
    String stan,
    String localDate,
    String type,
    long amountMinor,
    String currency) {

  private static final int FIELDS = 10;

  static Acknowledgement of(String creditId, Sale sale) {
    return new Acknowledgement(
        creditId,
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

  String line() {
    return String.join(
        ",",
        creditId,
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
        f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], Long.parseLong(f[8]), f[9]);
  }
}
