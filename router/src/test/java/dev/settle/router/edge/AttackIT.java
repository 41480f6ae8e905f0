package dev.settle.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.settle.router.access.Role;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.sandbox.attack.Attack;
import dev.settle.sandbox.attack.Attacks;
import dev.settle.sandbox.attack.Heard;
import dev.settle.sandbox.attack.HonestTerminals;
import dev.settle.sandbox.attack.Siege;
import dev.settle.sandbox.attack.Target;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Under every attack the router keeps selling to others, says why it turns the attacker away, and
 * has its memory back afterwards. The short form of {@code load-tests/attack/run}: attackers,
 * honest terminals, router and database share this machine's processors and this process.
 */
@ExtendWith(InvariantsHold.class)
class AttackIT {

  /**
   * Attacker, router and another fork's tests share the processors here, so this is what nobody who
   * is shut out reaches; the promised 0.8 is measured by load-tests/attack/run.
   */
  private static final double KEPT = 0.5;

  private static final int TRIALS = 3;
  private static final int MERCHANTS = 20;
  private static final long MIB = 1024 * 1024;
  private static final long HEAP_MARGIN = 48 * MIB;
  private static final long DIRECT_MARGIN = 64 * MIB;

  /** Any end of a connection: how much of the last words arrives is the network's affair. */
  private static final String CUT_OFF = "an end";

  /** What an attack that holds places hears, sooner or later, and as what it is counted. */
  private static final Map<String, List<String>> SLOW =
      Map.of(
          "slow-heads", List.of("408", "slow-head"),
          "slow-bodies", List.of("408", "slow-body"),
          "slow-uploads", List.of("408", "slow-body"),
          "slow-readers", List.of(CUT_OFF, "slow-reader"),
          "http2-stalled", List.of(CUT_OFF, "slow-reader"));

  /** What one that comes fast hears. */
  private static final Map<String, String> FAST =
      Map.ofEntries(
          Map.entry("huge-heads", "431"),
          Map.entry("many-headers", "431"),
          Map.entry("huge-bodies", "413"),
          Map.entry("endless-trailers", CUT_OFF),
          Map.entry("endless-chunk-extensions", CUT_OFF),
          Map.entry("http2-rapid-reset", "GOAWAY"),
          Map.entry("http2-continuations", CUT_OFF),
          Map.entry("http2-pings", "GOAWAY"),
          Map.entry("http2-settings", "GOAWAY"),
          Map.entry("http2-empty-data", CUT_OFF),
          Map.entry("deep-json", "400"),
          Map.entry("huge-numbers", "422"),
          Map.entry("decompression-bombs", "415"),
          Map.entry("pipelined", "404"));

  @Test
  void under_every_attack_others_keep_selling_and_memory_comes_back(World world) throws Exception {
    world.callers(CallerLimits.DEFAULT);
    Api api = world.startNode();
    world.onboard(api, MERCHANTS);
    Target target = new Target(api.port(), api.token(Role.TERMINAL), api.token(Role.AUDITOR));
    Attacks attacks = new Attacks(target);
    SoftAssertions softly = new SoftAssertions();
    try (HonestTerminals honest =
        new HonestTerminals(
            target, n -> Documents.saleJson(1 + n % MERCHANTS, n / MERCHANTS), 8, 300)) {
      honest.rate(Duration.ofSeconds(1));
      long heap = heapInUse();
      long direct = PlatformDependent.usedDirectMemory();
      double before = honest.rate(Duration.ofSeconds(1));

      Map<String, Attack.Running> slow = new LinkedHashMap<>();
      for (Attack attack : attacks.slow()) {
        slow.put(attack.name(), attack.start(target));
      }
      double beside = 0;
      for (int n = 0; n < TRIALS && beside < KEPT; n++) {
        beside = honest.rate(Duration.ofSeconds(2)) / before;
      }
      assertKept(softly, "slow clients", beside);
      Siege siege = new Siege(target, honest, Duration.ofMillis(400), Duration.ofMillis(800));
      for (Attack attack : attacks.fast()) {
        Siege.Outcome outcome = laid(siege, fitting(attack));
        System.out.printf(
            "%s: %.0f sales a second before, %.0f during, %d connections; heard %s%n",
            attack.name(),
            outcome.before(),
            outcome.with(),
            outcome.open(),
            outcome.heard().text());
        assertKept(softly, attack.name(), outcome.ratio());
        String word = FAST.get(attack.name());
        if (word != null) {
          softly.assertThat(count(outcome.heard(), word)).as(attack.name()).isPositive();
        }
      }
      long fast = System.nanoTime();
      assertCutOff(softly, slow, api);
      long cutOff = System.nanoTime();
      slow.values().forEach(Attack.Running::close);
      assertThat(honest.failed()).as("sales of honest terminals that failed").isZero();

      Awaitility.await("only honest connections are left")
          .atMost(Duration.ofSeconds(10))
          .until(() -> api.metric("settlement_connections") < 20);
      softly.assertThat(heapInUse() - heap).as("heap").isLessThan(HEAP_MARGIN);
      softly
          .assertThat(PlatformDependent.usedDirectMemory() - direct)
          .as("memory outside of the heap")
          .isLessThan(DIRECT_MARGIN);
      System.out.printf(
          "slow clients were cut off %.1f s after the last attack, and all was as before %.1f s later%n",
          (cutOff - fast) / 1e9, (System.nanoTime() - cutOff) / 1e9);
    }
    softly.assertAll();
  }

  /** What another test takes of the processors in between is not the attack's: once is enough. */
  private static Siege.Outcome laid(Siege siege, Attack attack) throws InterruptedException {
    Siege.Outcome outcome = siege.lay(attack);
    for (int n = 1; n < TRIALS && outcome.ratio() < KEPT; n++) {
      outcome = siege.lay(attack);
    }
    return outcome;
  }

  /** Both ends of each connection are files of this one process. */
  private static Attack fitting(Attack attack) {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 1_000;
    return attack.connections() <= free / 2 ? attack : attack.with((int) (free / 2));
  }

  private static void assertKept(SoftAssertions softly, String attack, double ratio) {
    softly.assertThat(ratio).as(attack + ": sales kept").isGreaterThanOrEqualTo(KEPT);
  }

  private static void assertCutOff(
      SoftAssertions softly, Map<String, Attack.Running> slow, Api api) {
    SLOW.forEach(
        (name, words) -> {
          Heard heard = slow.get(name).heard();
          softly
              .assertThatCode(
                  () ->
                      Awaitility.await()
                          .atMost(Duration.ofSeconds(30))
                          .until(() -> count(heard, words.get(0)) > 0))
              .as(name)
              .doesNotThrowAnyException();
          softly
              .assertThat(
                  api.metric("settlement_turned_away_total{reason=\"" + words.get(1) + "\"}"))
              .as(name)
              .isPositive();
        });
  }

  private static long count(Heard heard, String word) {
    return word.equals(CUT_OFF) ? heard.cutOff() : heard.count(word);
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
