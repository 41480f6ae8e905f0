package dev.settle.router.events;

import org.jspecify.annotations.Nullable;

/** How a breaker is named in events; in the order of {@code settlement_rail_breaker_state}. */
enum Breaker {
  CLOSED,
  HALF_OPEN,
  OPEN;

  static Breaker of(int state) {
    return values()[state];
  }

  /** By its name; null for a word of another release. */
  static @Nullable Breaker parse(@Nullable Object text) {
    for (Breaker breaker : values()) {
      if (breaker.name().equals(text)) {
        return breaker;
      }
    }
    return null;
  }
}
