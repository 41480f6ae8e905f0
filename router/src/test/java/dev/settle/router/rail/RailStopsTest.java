package dev.settle.router.rail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.rail.RailStops.State;
import dev.settle.router.rail.RailStops.Stop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is ordered of a rail changes where new credits go, and what may be sent. */
class RailStopsTest {

  /** Carries everything, and is never asked to. */
  private record Idle(String name) implements Rail {
    @Override
    public RailCapabilities capabilities() {
      return new RailCapabilities(
          1,
          1,
          true,
          Duration.ofSeconds(1),
          false,
          Duration.ZERO,
          Duration.ofSeconds(1),
          false,
          Set.of("CNY"),
          Set.of(),
          Long.MAX_VALUE,
          null);
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by) {
      throw new UnsupportedOperationException();
    }
  }

  private final Rails rails = new Rails(List.of(new Idle("first"), new Idle("second")));

  private String chosen() {
    return rails.railFor("102", "CNY", 1, null);
  }

  private void stopped(Map<String, Stop> stops) {
    rails.stops().heard(stops);
  }

  private void breakDown(String rail) {
    RailGate gate = rails.gate(rails.named(rail));
    for (int n = 0; n < 10 && gate.tryEnter(); n++) {
      gate.failed(1, new RuntimeException("no answer"));
    }
    assertThat(gate.isOut()).isTrue();
  }

  @Test
  void new_credits_go_over_another_rail_while_one_is_stopped() {
    assertThat(chosen()).isEqualTo("first");
    for (State state : List.of(State.HELD, State.DRAINING, State.DRAINED)) {
      stopped(Map.of("first", new Stop(state, 7)));
      assertThat(chosen()).isEqualTo("second");
    }
    stopped(Map.of());
    assertThat(chosen()).isEqualTo("first");
  }

  @Test
  void where_none_runs_they_wait_for_the_one_that_comes_back_by_itself() {
    breakDown("second");
    stopped(Map.of("first", new Stop(State.HELD, 0)));
    assertThat(chosen()).isEqualTo("second");
    stopped(Map.of("first", new Stop(State.HELD, 0), "second", new Stop(State.HELD, 0)));
    assertThat(chosen()).isEqualTo("first");
  }

  @Test
  void a_stopped_rail_stands_in_for_no_other() {
    Rail first = rails.named("first");
    assertThat(rails.hasOther(first)).isTrue();
    stopped(Map.of("second", new Stop(State.DRAINING, 7)));
    assertThat(rails.hasOther(first)).isFalse();
  }

  @Test
  void a_draining_rail_sends_what_waited_and_a_held_one_nothing() {
    assertThat(rails.stops().keeps("first", 8)).isFalse();
    stopped(Map.of("first", new Stop(State.DRAINING, 7)));
    assertThat(rails.stops().keeps("first", 7)).isFalse();
    assertThat(rails.stops().keeps("first", 8)).isTrue();
    stopped(Map.of("first", new Stop(State.HELD, 7)));
    assertThat(rails.stops().keeps("first", 7)).isTrue();
    assertThat(rails.stops().keeps("second", 8)).isFalse();
  }
}
