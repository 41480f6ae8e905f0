package dev.settle.router.notification;

import dev.settle.router.binding.AccountNumber;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a bank reports of a transfer, as it was sent.
 *
 * @param endToEndId of the transfer, as the bank spells it
 * @param event what happened
 */
record Notification(String type, OffsetDateTime occurredAt, String endToEndId, Event event) {

  /** What happened. */
  sealed interface Event permits Entry, Changed {}

  /**
   * Something about money.
   *
   * @param amountMinor the amount concerned: credited, rejected or returned
   * @param booked whether the entry is booked (BOOK); otherwise it is announced (PDNG)
   * @param code the bank's reason code, or null
   */
  record Entry(long amountMinor, String currency, boolean booked, @Nullable String code)
      implements Event {}

  /** The account has been replaced by this one. */
  record Changed(AccountNumber number, String bank, String holder) implements Event {}
}
