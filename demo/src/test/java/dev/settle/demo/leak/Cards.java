package dev.settle.demo.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes marked numbers, each with the name of the place that it is put in. */
public final class Cards {

  private static final String ISSUER = "622202";

  /** No example of the documents goes on with one of these. */
  private static final String NEXT = "56789";

  private static final int DIGITS = 19;

  private final Random random;
  private final List<Mark> marks = new ArrayList<>();

  public Cards(long seed) {
    random = new Random(seed);
  }

  /** A card of bank 102 without an order to the sandbox bank. */
  public String any(String where) {
    return make(where, DIGITS, 1_000 + random.nextInt(9_000));
  }

  /** The same, ending in these four digits. */
  public String endingIn(String where, int ending) {
    return make(where, DIGITS, ending);
  }

  /** As long as cards of other countries are. */
  public String sixteen(String where) {
    return make(where, 16, 1_000 + random.nextInt(9_000));
  }

  /** A good number that was not made here. */
  public String known(String where, String number) {
    marks.add(new Mark(where, number, false));
    return number;
  }

  public List<Mark> marks() {
    return List.copyOf(marks);
  }

  private String make(String where, int digits, int ending) {
    while (true) {
      StringBuilder number = new StringBuilder(ISSUER);
      number.append(NEXT.charAt(random.nextInt(NEXT.length())));
      while (number.length() < digits - 4) {
        number.append(random.nextInt(10));
      }
      number.append(String.format("%04d", ending));
      if (isLuhn(number)) {
        marks.add(new Mark(where, number.toString(), true));
        return number.toString();
      }
    }
  }

  private static boolean isLuhn(CharSequence number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int counted = i % 2 == 0 ? digit : digit * 2;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return sum % 10 == 0;
  }
}
