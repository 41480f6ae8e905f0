package dev.settle.router.invariant;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What others saw, to hold the book against. All of it may still be growing while it is read.
 *
 * @param bookings every payment that the bank has really booked by the time of the call; null: the
 *     bank was not asked
 * @param acknowledgements every 2xx that terminals were given; null: nobody kept them
 * @param numbers opens account numbers, to compare with the bank's; null: accounts are not compared
 */
public record Witnesses(
    @Nullable Supplier<Stream<Booking>> bookings,
    @Nullable Stream<Acknowledgement> acknowledgements,
    @Nullable AccountNumbers numbers) {

  /** Nobody saw anything: the raw rows alone are checked. */
  public static final Witnesses NONE = new Witnesses(null, null, null);

  /**
   * A credit that the bank booked.
   *
   * @param account the full number, as the bank has it
   */
  public record Booking(String endToEndId, String account, long amountMinor, String currency) {

    /** Without the account. */
    @Override
    public String toString() {
      return "Booking[" + endToEndId + ", " + amountMinor + " " + currency + "]";
    }
  }

  /** A transaction that was answered 201 or 200. */
  public record Acknowledgement(
      String creditId,
      String acquirerId,
      String merchantId,
      String terminalId,
      String batchNo,
      String stan,
      LocalDate localDate,
      String type,
      long amountMinor,
      String currency) {

    List<String> key() {
      return List.of(merchantId, terminalId, localDate.toString(), batchNo, stan, type, acquirerId);
    }
  }

  /** Decrypts stored account numbers. */
  @FunctionalInterface
  public interface AccountNumbers {
    String open(String merchantId, byte[] cipherText);
  }
}
