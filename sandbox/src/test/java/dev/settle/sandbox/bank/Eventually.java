package dev.settle.sandbox.bank;

import java.util.function.BooleanSupplier;

/** Waits for what must come, however long the machine takes. */
final class Eventually {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private Eventually() {}

  static void until(String what, BooleanSupplier come) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!come.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came: " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
