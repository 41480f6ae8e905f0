package dev.settle.router.webhook;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a webhook can tell. */
enum EventKind {
  CREDIT_POSTED("credit.posted", "postedMinor"),
  CREDIT_PARTIALLY_POSTED("credit.partially-posted", "postedMinor"),
  /** Not sent, or refused by the bank: with its reason. */
  CREDIT_HELD("credit.held", "heldMinor"),
  CREDIT_RETURNED("credit.returned", "returnedMinor"),
  CARD_CHANGE_EFFECTIVE("card-change.effective", ""),
  /** Asked for by a person; every webhook is told it. */
  TEST("webhook.test", "");

  private final String text;
  private final String amount;

  EventKind(String text, String amount) {
    this.text = text;
    this.amount = amount;
  }

  /** As messages and the database have it. */
  String text() {
    return text;
  }

  /** What the amount that the event is of is called in a message; empty: it is of none. */
  String amount() {
    return amount;
  }

  /** What a webhook can be made for. */
  static List<String> choices() {
    return Arrays.stream(values()).filter(kind -> kind != TEST).map(EventKind::text).toList();
  }

  static @Nullable EventKind parse(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst().orElse(null);
  }
}
