package dev.settle.router.webhook;

import java.util.Locale;

/** What became of one try to deliver a message. */
public enum Outcome {
  ACKNOWLEDGED,
  /** Another status than 2xx. */
  REFUSED,
  /** 410: the receiver wants no more. */
  GONE,
  /** 3xx, which is not followed. */
  REDIRECTED,
  /** Nothing within the time that a receiver has. */
  NO_ANSWER,
  /** No connection, no TLS that fits the name, or a line that broke. */
  NOT_REACHED,
  /** The name is not known, or has an address that nothing is sent to. */
  DESTINATION,
  /** The events were not kept so long. */
  FORGOTTEN,
  /** This node was too late to send it: another may have. */
  UNSENT;

  /** The value of its label. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
