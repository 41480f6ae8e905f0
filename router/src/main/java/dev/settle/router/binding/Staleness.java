package dev.settle.router.binding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How late this node is in routing by a change: from the change, by the database's clock, to the
 * moment from which this node's heap has it. Both are heard of in any order: of the change from the
 * database's tail, of the moment from the heap.
 *
 * <p>{@link #adopted} may be called by any thread, the rest belongs to one event loop.
 */
final class Staleness {

  /** How long a moment is remembered for a change that is not heard of yet. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /** Adoptions that wait to be looked at; what comes beyond is not measured. */
  private static final int MOST_ADOPTIONS = 100_000;

  private record Adoption(String merchantId, int version, long nanos) {}

  /** A change that this node has not routed by yet. */
  private record Behind(int version, Instant changedAt) {}

  private final Queue<Adoption> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger toldCount = new AtomicInteger();
  private final Map<String, TreeMap<Integer, Long>> adoptions = new HashMap<>();
  private final Deque<Adoption> byAge = new ArrayDeque<>();
  private final Map<String, Behind> behind = new HashMap<>();
  private final Map<String, Integer> measured = new HashMap<>();
  private final Deque<String> measuredByAge = new ArrayDeque<>();
  private @Nullable Instant clockBase;
  private long clockBaseNanos;
  private long bestRoundTrip = Long.MAX_VALUE;

  /** This node routes a merchant by a version from now on, and by an older one until now. */
  void adopted(String merchantId, int version) {
    if (toldCount.incrementAndGet() <= MOST_ADOPTIONS) {
      told.add(new Adoption(merchantId, version, System.nanoTime()));
    } else {
      toldCount.decrementAndGet();
    }
  }

  /**
   * What the database's clock showed between two moments of this one; the shortest interval of late
   * counts.
   */
  void clock(Instant database, long beforeNanos, long afterNanos) {
    long roundTrip = afterNanos - beforeNanos;
    // Forgotten slowly: clocks drift.
    bestRoundTrip =
        bestRoundTrip == Long.MAX_VALUE ? roundTrip : bestRoundTrip + bestRoundTrip / 50;
    if (clockBase == null || roundTrip <= bestRoundTrip) {
      bestRoundTrip = roundTrip;
      clockBase = database;
      clockBaseNanos = beforeNanos + roundTrip / 2;
    }
  }

  private Instant databaseTime(long nanos) {
    return clockBase == null ? Instant.EPOCH : clockBase.plusNanos(nanos - clockBaseNanos);
  }

  /**
   * A merchant's route has changed.
   *
   * @param inUse the version that this node's heap has; null: none, then nothing is late
   * @return how late this node was, where that is known now
   */
  @Nullable Duration changed(
      String merchantId, int version, Instant changedAt, @Nullable Integer inUse) {
    drain();
    if (inUse == null || measured.getOrDefault(merchantId, 0) >= version) {
      behind.remove(merchantId);
      return null;
    }
    if (inUse < version) {
      behind.merge(merchantId, new Behind(version, changedAt), Staleness::first);
      return null;
    }
    behind.remove(merchantId);
    TreeMap<Integer, Long> moments = adoptions.get(merchantId);
    Map.Entry<Integer, Long> moment = moments == null ? null : moments.ceilingEntry(version);
    if (moment == null) {
      // The heap came by it otherwise than from an older one.
      return null;
    }
    note(merchantId, version);
    Duration late = Duration.between(changedAt, databaseTime(moment.getValue()));
    return late.isNegative() ? Duration.ZERO : late;
  }

  /** The older change says since when this node is behind. */
  private static Behind first(Behind known, Behind now) {
    return new Behind(Math.max(known.version(), now.version()), known.changedAt());
  }

  private void note(String merchantId, int version) {
    if (measured.put(merchantId, version) == null) {
      measuredByAge.add(merchantId);
      if (measuredByAge.size() > MOST_ADOPTIONS) {
        measured.remove(measuredByAge.remove());
      }
    }
  }

  /** Changes that were heard of and are not in use, with since when: to be looked at again. */
  List<Change> open() {
    List<Change> open = new ArrayList<>(behind.size());
    behind.forEach((id, b) -> open.add(new Change(id, b.version(), b.changedAt())));
    return open;
  }

  /** A change of a merchant's route. */
  record Change(String merchantId, int version, Instant changedAt) {}

  /** For how long the oldest change is not in use that this node has heard of; zero: none. */
  Duration oldest() {
    Instant now = databaseTime(System.nanoTime());
    return behind.values().stream()
        .map(b -> Duration.between(b.changedAt(), now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** How many changed routes are not in use yet. */
  int behind() {
    return behind.size();
  }

  private void drain() {
    for (Adoption next = told.poll(); next != null; next = told.poll()) {
      toldCount.decrementAndGet();
      adoptions
          .computeIfAbsent(next.merchantId(), id -> new TreeMap<>())
          .putIfAbsent(next.version(), next.nanos());
      byAge.add(next);
    }
    long before = System.nanoTime() - REMEMBERED.toNanos();
    Iterator<Adoption> old = byAge.iterator();
    while (old.hasNext()) {
      Adoption adoption = old.next();
      if (adoption.nanos() - before > 0) {
        return;
      }
      old.remove();
      adoptions.computeIfPresent(
          adoption.merchantId(),
          (id, moments) -> {
            moments.remove(adoption.version());
            return moments.isEmpty() ? null : moments;
          });
    }
  }
}
