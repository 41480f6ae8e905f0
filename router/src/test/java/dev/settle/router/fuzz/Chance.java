package dev.settle.router.fuzz;

import java.util.List;
import java.util.Random;

/** What is left to chance, all from one seed: numbers, and values that have broken programs. */
final class Chance {

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\ud800",
          "\udc00x",
          "\u202Egnp.exe",
          "😀",
          "e\u0301",
          "\uFEFF",
          "\u2028",
          "\r\nX-Injected: 1",
          "' OR 1=1 --",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "../../etc/passwd",
          "%s%n%x",
          "null",
          "true",
          "NaN",
          "-0",
          "1e999",
          "0x10",
          "9223372036854775808",
          "-9223372036854775809",
          "2026-02-30",
          "9999-12-31T23:59:60Z",
          "+999999999-12-31",
          "0000-00-00T00:00:00Z",
          "2026-11-22T18:03:11+18:01",
          "２０２６",
          "M000001",
          "T0000001",
          "CNY",
          "XXX",
          "SALE",
          "sandbox",
          "6222021000000009103",
          "C0000000000801",
          "CVVVVVVVVVVVVV",
          "C0VVVVVVVVVVVV",
          "A0",
          "00000000-0000-0000-0000-000000000000");

  private static final List<String> LITERALS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-1",
          "1.0",
          "1e2",
          "1e999999999",
          "-1e-999999999",
          "0.1",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "[]",
          "{}",
          "[[[[[[[[[[]]]]]]]]]]",
          "{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}");

  private final Random random;

  Chance(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  <T> T of(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Text that is hard to read, to store or to show. */
  String text() {
    return switch (below(8)) {
      case 0 -> String.valueOf(random.nextLong());
      case 1 -> "x".repeat(below(300));
      case 2 -> "长".repeat(1 + below(200));
      case 3 -> letters();
      case 4 -> oneIn(8) ? "9".repeat(2_000 + below(20_000)) : "9".repeat(below(40));
      default -> of(TEXTS);
    };
  }

  private String letters() {
    StringBuilder text = new StringBuilder();
    for (int i = below(20); i >= 0; i--) {
      text.appendCodePoint(below(0x10FFFF));
    }
    return text.toString();
  }

  /** A JSON value as it is written. */
  String literal() {
    return switch (below(6)) {
      case 0 -> "9".repeat(1 + below(oneIn(10) ? 2_000 : 30));
      case 1 -> "[".repeat(1 + below(oneIn(10) ? 5_000 : 12)) + (oneIn(2) ? "" : "]");
      default -> of(LITERALS);
    };
  }
}
