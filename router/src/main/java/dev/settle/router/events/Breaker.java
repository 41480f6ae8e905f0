package dev.settle.router.events;

/** How a breaker is named in events; in the order of {@code settlement_rail_breaker_state}. */
enum Breaker {
  CLOSED,
  HALF_OPEN,
  OPEN;

  static Breaker of(int state) {
    return values()[state];
  }
}
