package dev.settle.demo.leak;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Finds marked account numbers in bytes of any kind. Found is more of a number than its first six
 * and last four: {@value #WINDOW} digits in a row from anywhere in it, {@value #HEAD} digits from
 * the beginning of a telling one, or more than four from its end behind a mask; in clear, with
 * spaces or hyphens, as UTF-16, escaped, as hexadecimal, as Base64, as packed decimals, as a binary
 * long, compressed by gzip, and these in each other. Not found is a number that is encrypted,
 * hashed or reversed, and what another compression hides.
 */
public final class NumberScanner {

  private static final int WINDOW = 12;
  private static final int HEAD = 8;
  private static final int SHOWN = 4;
  private static final int DEEPEST = 3;
  private static final int MOST_UNPACKED = 16 << 20;
  private static final long MODULUS = (long) Math.pow(10, WINDOW);

  private final Map<Long, Mark> windows = new HashMap<>();
  private final Map<Long, Mark> heads = new HashMap<>();
  private final Map<Long, Mark> longs = new HashMap<>();
  private final boolean[] topBytes = new boolean[256];
  private final List<Mark> marks;

  /** A number of fewer than {@value #WINDOW} digits cannot be told from others and is refused. */
  public NumberScanner(Collection<Mark> marks) {
    this.marks = List.copyOf(marks);
    for (Mark mark : marks) {
      String digits = mark.digits();
      if (digits.length() < WINDOW) {
        throw new IllegalArgumentException(mark + " is too short to be looked for");
      }
      for (int i = 0; i + WINDOW <= digits.length(); i++) {
        windows.putIfAbsent(Long.parseLong(digits.substring(i, i + WINDOW)), mark);
      }
      if (mark.telling()) {
        heads.putIfAbsent(Long.parseLong(digits.substring(0, HEAD)), mark);
      }
      if (digits.length() <= 18 || digits.length() == 19 && digits.charAt(0) < '9') {
        long value = Long.parseLong(digits);
        longs.put(value, mark);
        topBytes[(int) (value >>> 56)] = true;
      }
    }
  }

  /** Everything that is found in {@code bytes}, once each. */
  public Set<Finding> look(String place, byte[] bytes) {
    Set<Finding> found = new LinkedHashSet<>();
    look(place, bytes, "", 0, found);
    return found;
  }

  private void look(String place, byte[] bytes, String way, int depth, Set<Finding> found) {
    text(place, bytes, way, found);
    packed(place, bytes, way, found);
    longs(place, bytes, way, found);
    if (depth < DEEPEST) {
      hexadecimal(place, bytes, way, depth, found);
      base64(place, bytes, way, depth, found);
      gzip(place, bytes, way, depth, found);
    }
  }

  private void text(String place, byte[] bytes, String way, Set<Finding> found) {
    DigitRuns.of(
        bytes,
        (digits, length, before) -> {
          windows(place, digits, length, way + "as text", found);
          if (length >= HEAD && before != DigitRuns.Before.HEX) {
            add(place, heads.get(number(digits, 0, HEAD)), way + "more than its first six", found);
          }
          if (before == DigitRuns.Before.MASK && length > SHOWN) {
            tail(place, digits, length, way, found);
          }
        });
  }

  private void tail(String place, byte[] digits, int length, String way, Set<Finding> found) {
    StringBuilder shown = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      shown.append(digits[i]);
    }
    for (Mark mark : marks) {
      if (mark.digits().endsWith(shown.toString())) {
        add(place, mark, way + "more than its last four", found);
      }
    }
  }

  private void windows(String place, byte[] digits, int length, String how, Set<Finding> found) {
    long window = 0;
    for (int i = 0; i < length; i++) {
      window = (window * 10 + digits[i]) % MODULUS;
      if (i + 1 >= WINDOW) {
        add(place, windows.get(window), how, found);
      }
    }
  }

  private static long number(byte[] digits, int from, int length) {
    long number = 0;
    for (int i = from; i < from + length; i++) {
      number = number * 10 + digits[i];
    }
    return number;
  }

  /** Two digits in a byte. */
  private void packed(String place, byte[] bytes, String way, Set<Finding> found) {
    byte[] digits = new byte[512];
    int length = 0;
    for (int i = 0; i < 2 * bytes.length; i++) {
      int nibble = i % 2 == 0 ? bytes[i / 2] >> 4 & 0xF : bytes[i / 2] & 0xF;
      if (nibble <= 9 && length < digits.length) {
        digits[length++] = (byte) nibble;
      } else {
        windows(place, digits, length, way + "as packed decimals", found);
        length = 0;
      }
    }
    windows(place, digits, length, way + "as packed decimals", found);
  }

  private void longs(String place, byte[] bytes, String way, Set<Finding> found) {
    ByteBuffer big = ByteBuffer.wrap(bytes);
    ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
      if (topBytes[bytes[i] & 0xFF]) {
        add(place, longs.get(big.getLong(i)), way + "as a binary number", found);
      }
      if (topBytes[bytes[i + 7] & 0xFF]) {
        add(place, longs.get(little.getLong(i)), way + "as a binary number", found);
      }
    }
  }

  private static void add(String place, Mark mark, String how, Set<Finding> found) {
    if (mark != null) {
      found.add(new Finding(place, mark, how));
    }
  }

  private void hexadecimal(String place, byte[] bytes, String way, int depth, Set<Finding> found) {
    for (byte[] run : runs(bytes, b -> Character.digit(b, 16) >= 0, 2 * WINDOW)) {
      for (int from = 0; from < 2; from++) {
        byte[] decoded = new byte[(run.length - from) / 2];
        for (int i = 0; i < decoded.length; i++) {
          decoded[i] =
              (byte)
                  (Character.digit(run[from + 2 * i], 16) << 4
                      | Character.digit(run[from + 2 * i + 1], 16));
        }
        inner(place, decoded, way + "hexadecimal, ", depth, found);
      }
    }
  }

  private void base64(String place, byte[] bytes, String way, int depth, Set<Finding> found) {
    for (byte[] run : runs(bytes, NumberScanner::isBase64, WINDOW + WINDOW / 3)) {
      for (int i = 0; i < run.length; i++) {
        run[i] = run[i] == '-' ? (byte) '+' : run[i] == '_' ? (byte) '/' : run[i];
      }
      for (int from = 0; from < 4; from++) {
        int length = (run.length - from) / 4 * 4;
        byte[] decoded = Base64.getDecoder().decode(Arrays.copyOfRange(run, from, from + length));
        inner(place, decoded, way + "Base64, ", depth, found);
      }
    }
  }

  /** Only where there may be anything: most of what can be decoded is no text. */
  private void inner(String place, byte[] decoded, String way, int depth, Set<Finding> found) {
    int digits = 0;
    for (byte b : decoded) {
      digits += b >= '0' && b <= '9' || (b & 0xF) <= 9 && (b >> 4 & 0xF) <= 9 ? 1 : 0;
    }
    boolean zipped = decoded.length > 2 && decoded[0] == 0x1F && decoded[1] == (byte) 0x8B;
    if (digits >= WINDOW / 2 || zipped) {
      look(place, decoded, way, depth + 1, found);
    }
  }

  private void gzip(String place, byte[] bytes, String way, int depth, Set<Finding> found) {
    for (int i = 0; i + 10 < bytes.length; i++) {
      if (bytes[i] == 0x1F && bytes[i + 1] == (byte) 0x8B && bytes[i + 2] == 8) {
        var zipped = new ByteArrayInputStream(bytes, i, bytes.length - i);
        try (GZIPInputStream in = new GZIPInputStream(zipped)) {
          look(place, in.readNBytes(MOST_UNPACKED), way + "gzip, ", depth + 1, found);
        } catch (IOException e) {
          // Three bytes by chance, and no archive.
        }
      }
    }
  }

  private static boolean isBase64(byte b) {
    return b >= 'A' && b <= 'Z'
        || b >= 'a' && b <= 'z'
        || b >= '0' && b <= '9'
        || b == '+'
        || b == '/'
        || b == '-'
        || b == '_';
  }

  private interface Letters {
    boolean has(byte b);
  }

  private static List<byte[]> runs(byte[] bytes, Letters letters, int least) {
    List<byte[]> runs = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || !letters.has(bytes[i])) {
        if (i - from >= least) {
          runs.add(Arrays.copyOfRange(bytes, from, i));
        }
        from = i + 1;
      }
    }
    return runs;
  }
}
