package dev.settle.demo.story;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Decides which story comes next and whose it is: never two of one merchant at a time, never more
 * applications of a merchant than {@link #APPLICATIONS}, and every kind once before any comes round
 * again. The same seed and the same calls give the same plan. Used by one thread at a time.
 */
final class StoryPlan {

  /**
   * Of one merchant within a day. The router takes five: one is left for a card that has to be
   * replaced after a story went wrong.
   */
  static final int APPLICATIONS = 4;

  /** Stories at once, at most; with few merchants fewer, so that most of them only sell. */
  static final int MOST_OPEN = 8;

  private static final int MERCHANTS_TO_A_STORY = 10;
  private static final int DRAWS = 32;
  private static final int NOBODY = 0;

  /** A card change is the common case. */
  private static final List<StoryKind> ROUND =
      List.of(
          StoryKind.CARD_CHANGE,
          StoryKind.CARD_CHANGE,
          StoryKind.THREE_CARD_CHANGES,
          StoryKind.FREEZE_AND_THAW,
          StoryKind.WRONG_APPLICATIONS,
          StoryKind.BLOCKED_CARD,
          StoryKind.REJECTED_CHANGE);

  private final Random random;
  private final int merchants;
  private final int mostOpen;
  private final Map<Integer, Integer> applications;
  private final Set<Integer> busy = new HashSet<>();
  private final Deque<StoryKind> round = new ArrayDeque<>();

  /**
   * @param merchants of the demo, from number 1
   * @param applications those made within the last day, by merchant
   */
  StoryPlan(long seed, int merchants, Map<Integer, Integer> applications) {
    this.random = new Random(seed);
    this.merchants = merchants;
    this.mostOpen = Math.min(MOST_OPEN, Math.max(1, merchants / MERCHANTS_TO_A_STORY));
    this.applications = new HashMap<>(applications);
  }

  /** The next story, which is open until {@link #ended}; empty while enough are. */
  Optional<StoryOrder> next() {
    if (busy.size() >= mostOpen) {
      return Optional.empty();
    }
    StoryKind kind = nextKind();
    int merchant = free(kind.applications());
    if (merchant == NOBODY) {
      // Everybody has changed cards often enough today; accounts can still be frozen.
      kind = StoryKind.FREEZE_AND_THAW;
      merchant = free(kind.applications());
    }
    if (merchant == NOBODY) {
      return Optional.empty();
    }
    reserve(merchant);
    applications.merge(merchant, kind.applications(), Integer::sum);
    return Optional.of(new StoryOrder(kind, merchant, random.nextLong()));
  }

  /** Keeps a merchant out of stories until {@link #ended}. */
  void reserve(int merchant) {
    busy.add(merchant);
  }

  void ended(int merchant) {
    busy.remove(merchant);
  }

  private StoryKind nextKind() {
    if (round.isEmpty()) {
      List<StoryKind> shuffled = new ArrayList<>(ROUND);
      Collections.shuffle(shuffled, random);
      round.addAll(shuffled);
    }
    return round.removeFirst();
  }

  private int free(int needed) {
    for (int draw = 0; draw < DRAWS; draw++) {
      int merchant = 1 + random.nextInt(merchants);
      if (isFree(merchant, needed)) {
        return merchant;
      }
    }
    int from = random.nextInt(merchants);
    for (int i = 0; i < merchants; i++) {
      int merchant = 1 + (from + i) % merchants;
      if (isFree(merchant, needed)) {
        return merchant;
      }
    }
    return NOBODY;
  }

  private boolean isFree(int merchant, int needed) {
    return !busy.contains(merchant)
        && applications.getOrDefault(merchant, 0) + needed <= APPLICATIONS;
  }
}
