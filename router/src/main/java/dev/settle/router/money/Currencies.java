package dev.settle.router.money;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/** The currencies that exist: the ISO 4217 list of the Java runtime. */
public final class Currencies {

  private static final Set<String> CODES =
      Currency.getAvailableCurrencies().stream()
          .filter(currency -> currency.getDefaultFractionDigits() >= 0)
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private Currencies() {}

  /** Whether {@code code} is an ISO 4217 code that amounts can be stated in. */
  public static boolean isKnown(String code) {
    return CODES.contains(code);
  }
}
