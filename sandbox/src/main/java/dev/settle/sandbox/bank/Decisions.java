package dev.settle.sandbox.bank;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided, by end-to-end id. Nearly all of it is ordinary, and is kept in arrays of
 * numbers without an object for any: a collector that has to walk millions of objects takes the
 * processor from the router beside it, for a second at a time. Belongs to one thread.
 */
final class Decisions {

  /** Tables grow one by one: none is copied for long. */
  private static final int TABLES = 256;

  /**
   * Ids fill tables evenly, so each counts as full at a load of its own, from this one up to twice
   * it: else all of them grew at once.
   */
  private static final double LEAST_LOAD = 0.3;

  private final Table[] tables = new Table[TABLES];
  private final Map<String, Decision> departing = new HashMap<>();
  private final List<String> currencies = new ArrayList<>();
  private final MessageDigest digest = sha256();

  Decisions() {
    for (int i = 0; i < TABLES; i++) {
      tables[i] = new Table(LEAST_LOAD * Math.pow(2, (double) i / TABLES));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What was decided about the id, as it is now; null if nothing was. */
  @Nullable Decision find(String endToEndId) {
    Decision departs = departing.get(endToEndId);
    if (departs != null) {
      return departs;
    }
    Key key = key(endToEndId);
    Table table = table(key);
    int slot = table.slot(key);
    return table.isFree(slot) ? null : table.decision(slot, currencies);
  }

  /** Keeps a decision, in the place of an earlier one about the id. */
  void put(String endToEndId, Decision decision) {
    if (decision.course() != null) {
      departing.put(endToEndId, decision);
    } else {
      Key key = key(endToEndId);
      table(key).put(key, decision, currency(decision.currency()));
    }
  }

  private Table table(Key key) {
    return tables[(int) (key.low() & (TABLES - 1))];
  }

  /** Of an id its digest is kept: no two of any number that could be booked have the same half. */
  private Key key(String endToEndId) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(endToEndId.getBytes(US_ASCII)));
    // Never 0, which is a free slot.
    return new Key(hash.getLong() | 1, hash.getLong());
  }

  private int currency(String code) {
    int known = currencies.indexOf(code);
    if (known < 0) {
      currencies.add(code);
      return currencies.size() - 1;
    }
    return known;
  }

  /** Half of an id's digest. */
  private record Key(long high, long low) {}

  /** Open addressing with linear probing. */
  private static final class Table {

    private static final int FIRST_SLOTS = 64;
    private static final int CURRENCY_BITS = 16;
    private static final Verdict[] VERDICTS = Verdict.values();

    private long[] high = new long[FIRST_SLOTS];
    private long[] low = new long[FIRST_SLOTS];
    private long[] content = new long[FIRST_SLOTS];
    private long[] amountMinor = new long[FIRST_SLOTS];
    private int[] verdictAndCurrency = new int[FIRST_SLOTS];
    private final double mostLoad;
    private int taken;

    /**
     * @param mostLoad share of its slots above which it grows
     */
    Table(double mostLoad) {
      this.mostLoad = mostLoad;
    }

    /** Where the key is, or the free slot where it belongs. */
    int slot(Key key) {
      return slot(key.high(), key.low());
    }

    private int slot(long keyHigh, long keyLow) {
      int mask = high.length - 1;
      int slot = (int) (keyHigh >>> Integer.SIZE) & mask;
      while (!isFree(slot) && (high[slot] != keyHigh || low[slot] != keyLow)) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    boolean isFree(int slot) {
      return high[slot] == 0;
    }

    Decision decision(int slot, List<String> currencies) {
      int both = verdictAndCurrency[slot];
      return new Decision(
          content[slot],
          amountMinor[slot],
          currencies.get(both & ((1 << CURRENCY_BITS) - 1)),
          VERDICTS[both >>> CURRENCY_BITS],
          null);
    }

    void put(Key key, Decision decision, int currency) {
      if (isFree(slot(key))) {
        taken++;
        if (taken > mostLoad * high.length) {
          grow();
        }
      }
      set(
          key.high(),
          key.low(),
          decision.content(),
          decision.amountMinor(),
          decision.verdict().ordinal() << CURRENCY_BITS | currency);
    }

    private void set(long keyHigh, long keyLow, long itsContent, long minor, int both) {
      int slot = slot(keyHigh, keyLow);
      high[slot] = keyHigh;
      low[slot] = keyLow;
      content[slot] = itsContent;
      amountMinor[slot] = minor;
      verdictAndCurrency[slot] = both;
    }

    private void grow() {
      long[] oldHigh = high;
      long[] oldLow = low;
      long[] oldContent = content;
      long[] oldAmount = amountMinor;
      int[] oldBoth = verdictAndCurrency;
      int slots = 2 * oldHigh.length;
      high = new long[slots];
      low = new long[slots];
      content = new long[slots];
      amountMinor = new long[slots];
      verdictAndCurrency = new int[slots];
      for (int i = 0; i < oldHigh.length; i++) {
        if (oldHigh[i] != 0) {
          set(oldHigh[i], oldLow[i], oldContent[i], oldAmount[i], oldBoth[i]);
        }
      }
    }
  }
}
