package dev.settle.router.money;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/** Amounts as people write them. Exact: no binary fractions. */
public final class AmountText {

  private AmountText() {}

  /**
   * The amount in the currency's major unit with as many decimals as ISO 4217 gives it, thousands
   * apart: 1234567 of CNY is {@code 12,345.67}, of JPY {@code 1,234,567}.
   *
   * @param minor in minor units
   * @param currency ISO 4217
   */
  public static String of(long minor, String currency) {
    int decimals = Currency.getInstance(currency).getDefaultFractionDigits();
    return String.format(Locale.ROOT, "%,." + decimals + "f", BigDecimal.valueOf(minor, decimals));
  }
}
