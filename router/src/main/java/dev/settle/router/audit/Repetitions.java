package dev.settle.router.audit;

import dev.settle.router.platform.AddressBlock;
import dev.settle.router.platform.Limits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a flood is the same again. Bounded, so that nobody fills it for the others: callers
 * without a name, callers with one and log-ins have a share each, and one caller a part of his
 * share: beyond it, his kinds are told apart by their reasons alone. Thread-safe.
 */
final class Repetitions {

  private final Map<Share, Kinds> shares = new EnumMap<>(Share.class);
  private final Map<AuditAction, Long> beyond = new EnumMap<>(AuditAction.class);

  private enum Share {
    LOGGED_IN,
    NAMED,
    ANONYMOUS;

    static Share of(AuditEvent event) {
      if (event.action() == AuditAction.LOGGED_IN) {
        return LOGGED_IN;
      }
      return event.actor().equals(AuditEvent.ANONYMOUS) ? ANONYMOUS : NAMED;
    }
  }

  /** What is the same each time; null: that is not told apart. */
  private record Kind(
      AuditAction action,
      String actor,
      @Nullable String reason,
      @Nullable String object,
      @Nullable AddressBlock from) {}

  /** Who has a part of the share: a name, or without one where he comes from. */
  private record Who(String actor, @Nullable AddressBlock from) {}

  /** The kinds of one share. */
  private static final class Kinds {
    private final Map<Kind, Repeats> known = new LinkedHashMap<>();
    private final Map<Who, Integer> callers = new HashMap<>();
  }

  /** How often a kind came again since that was recorded. */
  private static final class Repeats {
    private final Who who;
    private AuditEvent last;
    private long count;

    Repeats(Who who, AuditEvent first) {
      this.who = who;
      this.last = first;
    }
  }

  /** A kind that came again: as it came last, and how often. */
  record Counted(AuditEvent last, long count) {}

  /**
   * Whether it is to be recorded now. Otherwise it is counted.
   *
   * @param possible whether something can be recorded now
   */
  synchronized boolean isFirst(AuditEvent event, boolean possible) {
    Share share = Share.of(event);
    Kinds kinds = shares.computeIfAbsent(share, none -> new Kinds());
    AddressBlock from = AddressBlock.of(event.from());
    Who who = new Who(event.actor(), share == Share.ANONYMOUS ? from : null);
    Kind kind = new Kind(event.action(), event.actor(), event.reason(), event.object(), from);
    if (!kinds.known.containsKey(kind)
        && kinds.callers.getOrDefault(who, 0) >= Limits.AUDIT_KINDS_OF_ONE) {
      kind = new Kind(event.action(), event.actor(), event.reason(), null, who.from());
    }
    Repeats repeats = kinds.known.get(kind);
    boolean first = repeats == null;
    if (repeats == null) {
      if (kinds.known.size() >= Limits.AUDIT_KINDS) {
        beyond.merge(event.action(), 1L, Long::sum);
        return false;
      }
      repeats = new Repeats(who, event);
      kinds.known.put(kind, repeats);
      kinds.callers.merge(who, 1, Integer::sum);
    }
    if (first && possible) {
      return true;
    }
    repeats.last = event;
    repeats.count++;
    return false;
  }

  /** What came again since the last time. What did not is forgotten: the next of it is a first. */
  synchronized List<Counted> take() {
    List<Counted> taken = new ArrayList<>();
    for (Kinds kinds : shares.values()) {
      kinds.known.values().removeIf(repeats -> repeats.count == 0);
      kinds.callers.clear();
      for (Repeats repeats : kinds.known.values()) {
        kinds.callers.merge(repeats.who, 1, Integer::sum);
        taken.add(new Counted(repeats.last, repeats.count));
        repeats.count = 0;
      }
    }
    return taken;
  }

  /** How many were of more kinds than are told apart. */
  synchronized Map<AuditAction, Long> takeBeyond() {
    Map<AuditAction, Long> taken = new EnumMap<>(beyond);
    beyond.clear();
    return taken;
  }
}
