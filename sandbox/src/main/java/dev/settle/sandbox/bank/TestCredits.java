package dev.settle.sandbox.bank;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The test credits that are booked, under ids of their own that no client's transfer can have. */
final class TestCredits {
  private static final String CURRENCY = "CNY";
  private static final long AMOUNT_MINOR = 1;

  /** No client's id holds a slash, so the bank's own ids never meet one. */
  private static final String ID_PREFIX = "TEST/";

  /** Before a client's request id; a number never follows {@link #ID_PREFIX} like this. */
  private static final String REQUESTED_ID_PREFIX = ID_PREFIX + "REQUEST/";

  /** The account of each test credit that a client named, by its end-to-end id. */
  private final Map<String, String> requested = new HashMap<>();

  private long booked;

  /** The id that a test credit asked for now is booked under. */
  String id(@Nullable String requestId) {
    return requestId == null ? ID_PREFIX + (booked + 1) : REQUESTED_ID_PREFIX + requestId;
  }

  /** The account that was credited under this id before, null if none was. */
  @Nullable String account(String id) {
    return requested.get(id);
  }

  void keep(String id, String account) {
    booked++;
    if (id.startsWith(REQUESTED_ID_PREFIX)) {
      requested.put(id, account);
    }
  }

  static BookLine line(String id, String account, String at) {
    return new BookLine(
        id, account, AMOUNT_MINOR, CURRENCY, at, Entry.TEST_CREDIT, Verdict.ACCC, 0, null);
  }
}
