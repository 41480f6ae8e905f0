package dev.settle.sandbox.bank;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the bank remembers in arrays is what a map of objects would. */
class DecisionsTest {

  private static final long SEED = 20_261_128;
  private static final int IDS = 200_000;
  private static final Verdict[] VERDICTS = Verdict.values();

  private final Random random = new Random(SEED);
  private final Decisions decisions = new Decisions();

  @Test
  void everything_that_was_put_is_found_as_it_was_put_last() {
    Map<String, Decision> expected = new HashMap<>();

    for (int i = 0; i < IDS; i++) {
      String id = "E" + random.nextInt(IDS);
      Decision before = expected.get(id);
      Decision decision = decision(before != null && before.course() != null);
      decisions.put(id, decision);
      expected.put(id, decision);
    }

    assertThat(expected).as("seed %d", SEED).hasSizeGreaterThan(IDS / 2);
    expected.forEach((id, decision) -> assertThat(decisions.find(id)).isEqualTo(decision));
  }

  @Test
  void what_was_never_put_is_not_found() {
    for (int i = 0; i < IDS; i += 2) {
      decisions.put("E" + i, decision(false));
    }

    for (int i = 1; i < IDS; i += 2) {
      assertThat(decisions.find("E" + i)).isNull();
    }
  }

  /**
   * Ids fill tables evenly. When all of them grew in the same seconds, a bank of eight million
   * payments copied a gigabyte in them, and stood still.
   */
  @Test
  void tables_do_not_grow_all_at_once() {
    int windows = 32;
    int each = 1 << 13;
    Decision ordinary = new Decision(1, 1, "CNY", Verdict.ACCC, null);
    int next = 0;
    while (next < windows * each) {
      decisions.put("E" + next++, ordinary);
    }

    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[windows];
    for (int window = 0; window < windows; window++) {
      long from = thread.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < each; i++) {
        decisions.put("E" + next++, ordinary);
      }
      bytes[window] = thread.getCurrentThreadAllocatedBytes() - from;
    }

    long withoutGrowth = Arrays.stream(bytes).min().orElseThrow();
    long most = Arrays.stream(bytes).max().orElseThrow() - withoutGrowth;
    long all = Arrays.stream(bytes).sum() - windows * withoutGrowth;
    assertThat(most).as("of %d bytes while the number doubles", all).isLessThan(all / 6);
  }

  /** One that departs goes on departing, as in the bank. */
  private Decision decision(boolean departs) {
    return new Decision(
        random.nextLong(),
        random.nextLong() >>> 1,
        "C" + (char) ('A' + random.nextInt(26)) + (char) ('A' + random.nextInt(26)),
        VERDICTS[random.nextInt(VERDICTS.length)],
        departs || random.nextInt(50) == 0 ? course() : null);
  }

  private Course course() {
    Course.Returned returned =
        new Course.Returned(random.nextInt(1_000), Verdict.MS03, Instant.ofEpochSecond(1));
    return new Course("6228480402564890018", 2, 1, 0, 3, Verdict.MS03, false, returned);
  }
}
