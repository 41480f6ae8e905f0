package dev.settle.sandbox.database;

import org.jspecify.annotations.Nullable;

/** Why the embedded PostgreSQL cannot be used; the message is one line that says what to do. */
public final class DatabaseRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What to do where nothing else helps. */
  static final String USE_EXTERNAL =
      "run the router against an external PostgreSQL 15 or newer (bin/settle serve)";

  DatabaseRefusal(String message) {
    this(message, null);
  }

  DatabaseRefusal(String message, @Nullable Throwable cause) {
    super(message.replace('\n', ' '), cause);
  }
}
