package dev.settle.router.cardchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which bank issued a card, by the first digits of its number (BIN). It knows few: an unknown one
 * says nothing. The list is the resource {@code cardchange/bank-of-bin.csv}; another one of that
 * name earlier on the class path takes its place.
 */
final class BankDirectory {

  private static final String RESOURCE = "cardchange/bank-of-bin.csv";
  private static final int LONGEST = 10;

  private final Map<String, String> banks;

  BankDirectory(Map<String, String> banks) {
    this.banks = Map.copyOf(banks);
  }

  /** Reads the resource. Blocking, a few lines: for start-up. */
  static BankDirectory read() {
    try (InputStream in = BankDirectory.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BankDirectory parse(String csv) {
    Map<String, String> banks = new HashMap<>();
    csv.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              if (!line.matches("[0-9]{4," + LONGEST + "},[A-Z0-9]{3,14}")) {
                throw new IllegalStateException(RESOURCE + ": not bin,bank: " + line);
              }
              banks.put(
                  line.substring(0, line.indexOf(',')), line.substring(line.indexOf(',') + 1));
            });
    return new BankDirectory(banks);
  }

  /** The bank's code, by the longest prefix that is known; null when none is. */
  @Nullable String bankOf(String number) {
    for (int length = Math.min(LONGEST, number.length()); length > 0; length--) {
      String bank = banks.get(number.substring(0, length));
      if (bank != null) {
        return bank;
      }
    }
    return null;
  }
}
