package dev.settle.router.routing;

import org.jspecify.annotations.Nullable;

/** Which rail carries a payment; what {@link Routing} needs to know of the rails. */
@FunctionalInterface
public interface RailChoice {

  /**
   * The name of the rail that takes an amount to {@code bank}, or null when none does.
   *
   * @param bank the receiving bank's code
   * @param currency ISO 4217
   * @param amountMinor in minor units
   * @param notBy a rail that will not do, or null
   */
  @Nullable String railFor(String bank, String currency, long amountMinor, @Nullable String notBy);
}
