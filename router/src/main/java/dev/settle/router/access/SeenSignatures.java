package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The signatures that this node has taken and that could still be shown again: eight bytes of each,
 * in two generations of fixed size. A generation holds what was signed within twice the window; by
 * the time that a third begins, nothing of the first is timely any more. Only what has proved to be
 * well signed is put in, so that nobody fills it who has no key. Used by every event loop at once,
 * without a lock but when a generation begins.
 */
final class SeenSignatures {

  /** What became of one. */
  enum Seen {
    NEW,
    BEFORE,
    /** There is no room to remember it, so that it must not be taken. */
    NO_ROOM
  }

  /**
   * Places that are looked at for one signature; with three quarters filled few need more than a
   * few.
   */
  private static final int PROBES = 256;

  private static final long GENERATION_SECONDS = 2 * Limits.SIGNATURE_WINDOW.toSeconds();

  private final int places;
  private volatile @Nullable Generation even;
  private volatile @Nullable Generation odd;

  private static final class Generation {
    final long number;
    final AtomicLongArray taken;
    final AtomicInteger count = new AtomicInteger();

    Generation(long number, int places) {
      this.number = number;
      this.taken = new AtomicLongArray(places);
    }
  }

  /**
   * @param places of a generation, a power of two
   */
  SeenSignatures(int places) {
    this.places = places;
  }

  /**
   * Remembers a signature.
   *
   * @param bits eight of its bytes
   * @param created when it was made, in seconds, within the window of now
   */
  Seen remember(long bits, long created) {
    long number = Math.floorDiv(created, GENERATION_SECONDS);
    Generation generation = generation(number);
    if (generation == null) {
      return Seen.BEFORE; // A clock went back: whether it was seen is not known any more.
    }
    return put(generation, bits == 0 ? 1 : bits);
  }

  private Seen put(Generation generation, long bits) {
    int place = (int) (bits ^ bits >>> 32) & places - 1;
    for (int probe = 0; probe < PROBES; ) {
      long there = generation.taken.get(place);
      if (there == bits) {
        return Seen.BEFORE;
      }
      if (there != 0) {
        place = place + 1 & places - 1;
        probe++;
      } else if (generation.count.get() >= places / 4 * 3) {
        return Seen.NO_ROOM;
      } else if (generation.taken.compareAndSet(place, 0, bits)) {
        generation.count.incrementAndGet();
        return Seen.NEW;
      } // Else another event loop was faster: perhaps with the same.
    }
    return Seen.NO_ROOM;
  }

  private @Nullable Generation generation(long number) {
    Generation known = number % 2 == 0 ? even : odd;
    if (known == null || known.number < number) {
      known = begin(number);
    }
    return known.number == number ? known : null;
  }

  private synchronized Generation begin(long number) {
    boolean isEven = number % 2 == 0;
    Generation known = isEven ? even : odd;
    if (known != null && known.number >= number) {
      return known;
    }
    Generation begun = new Generation(number, places);
    if (isEven) {
      even = begun;
    } else {
      odd = begun;
    }
    return begun;
  }
}
