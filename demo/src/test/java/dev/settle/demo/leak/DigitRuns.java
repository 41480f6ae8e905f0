package dev.settle.demo.leak;

/**
 * Reads bytes as text and hands over each run of digits, whatever stands between them for the eye:
 * spaces, hyphens, dots, the zero bytes of UTF-16, escapes of JSON, HTML and addresses, and digits
 * of full width.
 */
final class DigitRuns {

  /** Takes a run. */
  interface Taker {
    /**
     * @param digits their values, the first {@code length} of the array
     * @param before what stands right before them
     */
    void run(byte[] digits, int length, Before before);
  }

  /** What stands right before a run. */
  enum Before {
    /** A mask such as {@code ****}. */
    MASK,
    /** A letter that may belong to a hexadecimal number. */
    HEX,
    OTHER
  }

  private static final int LONGEST = 4_096;
  private static final int MOST_SEPARATORS = 2;
  private static final int END = -1;
  private static final int SEPARATOR = -2;
  private static final int MASK = -3;
  private static final int NOTHING = -4;
  private static final int HEX = -5;

  private final byte[] bytes;
  private final Taker taker;
  private final byte[] digits = new byte[LONGEST];
  private int length;
  private int separators;
  private Before last = Before.OTHER;
  private Before before = Before.OTHER;
  private int at;

  private DigitRuns(byte[] bytes, Taker taker) {
    this.bytes = bytes;
    this.taker = taker;
  }

  static void of(byte[] bytes, Taker taker) {
    new DigitRuns(bytes, taker).read();
  }

  private void read() {
    while (at < bytes.length) {
      int letter = letter();
      if (letter >= 0) {
        digit(letter);
      } else if (letter == SEPARATOR) {
        if (++separators > MOST_SEPARATORS) {
          end();
        }
      } else if (letter != NOTHING) {
        end();
        last = letter == MASK ? Before.MASK : letter == HEX ? Before.HEX : Before.OTHER;
      }
    }
    end();
  }

  private void digit(int value) {
    if (length == 0) {
      before = last;
    } else if (length == LONGEST) {
      end();
    }
    digits[length++] = (byte) value;
    separators = 0;
    last = Before.OTHER;
  }

  private void end() {
    if (length > 0) {
      taker.run(digits, length, before);
    }
    length = 0;
    separators = 0;
    last = Before.OTHER;
    before = Before.OTHER;
  }

  /** The next letter as a digit's value or as what it is for the run; moves on behind it. */
  private int letter() {
    int b = bytes[at] & 0xFF;
    return switch (b) {
      case 0 -> one(NOTHING);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> one(b - '0');
      case ' ', '-', '.', '_', ',', '\'' -> one(SEPARATOR);
      case '*', 'x', 'X' -> one(MASK);
      case 'a', 'b', 'c', 'd', 'e', 'f', 'A', 'B', 'C', 'D', 'E', 'F' -> one(HEX);
      case '\\' -> backslash();
      case '%' -> escaped(1, 16, 2, "");
      case '&' -> entity();
      case 0xC2 -> second() == 0xA0 ? many(2, SEPARATOR) : one(END);
      case 0xE2 -> wide();
      case 0xEF ->
          second() == 0xBC && third() >= 0x90 && third() <= 0x99
              ? many(3, third() - 0x90)
              : one(END);
      default -> one(END);
    };
  }

  private int backslash() {
    // A backslash that is itself escaped stands before what an inner text escapes.
    return second() == '\\' ? one(NOTHING) : escaped(2, 16, 4, "u");
  }

  private int entity() {
    return second() == '#' && (third() == 'x' || third() == 'X')
        ? escaped(3, 16, 2, "")
        : escaped(2, 10, 2, "#");
  }

  /** Thin spaces, dashes and bullets of UTF-8. */
  private int wide() {
    if (second() == 0x80) {
      if (third() == 0xA2) {
        return many(3, MASK);
      }
      if (third() >= 0x80 && third() <= 0x95 || third() == 0xAF) {
        return many(3, SEPARATOR);
      }
    }
    return one(END);
  }

  /** An escape: so many bytes of a lead that ends in {@code before}, then the letter's number. */
  private int escaped(int lead, int radix, int places, String before) {
    if (!before.isEmpty() && second() != before.charAt(0) || at + lead + places > bytes.length) {
      return one(END);
    }
    int value = 0;
    for (int i = at + lead; i < at + lead + places; i++) {
      int digit = Character.digit(bytes[i], radix);
      if (digit < 0) {
        return one(END);
      }
      value = value * radix + digit;
    }
    boolean closed =
        at + lead + places < bytes.length && bytes[at + lead + places] == ';' && bytes[at] == '&';
    int all = lead + places + (closed ? 1 : 0);
    if (value >= '0' && value <= '9') {
      return many(all, value - '0');
    }
    return value == ' ' || value == '-' || value == 0 ? many(all, SEPARATOR) : one(END);
  }

  private int second() {
    return at + 1 < bytes.length ? bytes[at + 1] & 0xFF : -1;
  }

  private int third() {
    return at + 2 < bytes.length ? bytes[at + 2] & 0xFF : -1;
  }

  private int one(int what) {
    return many(1, what);
  }

  private int many(int letters, int what) {
    at += letters;
    return what;
  }
}
