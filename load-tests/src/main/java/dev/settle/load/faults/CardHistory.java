package dev.settle.load.faults;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's cards as who changed them saw it, by the clock of the machine that all run on.
 *
 * @param cards in the order in which they were made effective, the first from onboarding; a number
 *     stands here once, and in no other merchant's history
 */
record CardHistory(String merchantId, List<Card> cards) {

  /**
   * A card.
   *
   * @param asked when it was first asked for that this card be the effective one
   * @param known when the answer was there that it is; null: it never came, so it may or may not be
   * @param frozen when this card was surely frozen
   */
  record Card(String number, Instant asked, @Nullable Instant known, List<Frozen> frozen) {}

  /**
   * A time in which a card may receive nothing new: from the answer that it is frozen to the
   * question to thaw it.
   *
   * @param thawed null: never
   */
  record Frozen(Instant known, @Nullable Instant thawed) {

    boolean holds(Instant at) {
      return at.isAfter(known) && (thawed == null || at.isBefore(thawed));
    }
  }

  /** The newest card that was surely effective at that time; those before it are superseded. */
  int surely(Instant at) {
    for (int place = cards.size() - 1; place > 0; place--) {
      Instant known = cards.get(place).known();
      if (known != null && known.isBefore(at)) {
        return place;
      }
    }
    return 0;
  }
}
