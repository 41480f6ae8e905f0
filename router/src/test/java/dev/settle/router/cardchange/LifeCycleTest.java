package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.cardchange.LifeCycle.Move;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LifeCycleTest {

  @Test
  void every_state_can_be_reached_and_what_is_over_stays_over() {
    Set<ChangeState> reached = EnumSet.noneOf(ChangeState.class);
    LifeCycle.MOVES.forEach(move -> reached.add(move.to()));
    assertThat(reached).containsExactlyInAnyOrder(ChangeState.values());
    for (ChangeState state : ChangeState.values()) {
      boolean moves = LifeCycle.MOVES.stream().anyMatch(move -> move.from() == state);
      assertThat(moves)
          .as(state.name())
          .isEqualTo(state.isOpen() || state == ChangeState.EFFECTIVE);
    }
  }

  @Test
  void no_move_stands_twice_and_each_says_what_it_needs() {
    assertThat(
            LifeCycle.MOVES.stream().map(move -> List.of(move.fromText(), move.to(), move.mover())))
        .doesNotHaveDuplicates();
    assertThat(LifeCycle.MOVES.stream().map(Move::needs)).noneMatch(String::isBlank);
  }

  @Test
  void a_maker_moves_nothing_forward() {
    assertThat(
            LifeCycle.MOVES.stream()
                .filter(move -> move.mover() == Mover.MAKER)
                .map(Move::to)
                .distinct())
        .containsExactlyInAnyOrder(ChangeState.SUBMITTED, ChangeState.WITHDRAWN);
  }

  @Test
  void nothing_takes_effect_that_was_not_approved() {
    for (Move move : LifeCycle.MOVES) {
      if (move.to() == ChangeState.EFFECTIVE) {
        assertThat(move.from()).isIn(ChangeState.APPROVED, ChangeState.SCHEDULED);
      }
      if (move.to() == ChangeState.APPROVED) {
        assertThat(move.from()).isEqualTo(ChangeState.VERIFIED);
      }
    }
    assertThat(LifeCycle.allows(ChangeState.VERIFIED, ChangeState.APPROVED, Mover.CHECKER))
        .isTrue();
    assertThat(LifeCycle.allows(ChangeState.VERIFIED, ChangeState.APPROVED, Mover.MAKER)).isFalse();
    assertThat(Arrays.stream(ChangeState.values()).filter(ChangeState::isOpen)).hasSize(5);
  }
}
