package dev.settle.router.cardchange;

import static dev.settle.router.testing.World.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The database keeps the life cycle, whoever writes to it. */
@ExtendWith(InvariantsHold.class)
class LifeCycleIT {

  @Test
  void the_databases_table_is_the_codes(World world) throws Exception {
    String rows =
        world.queryText(
            "SELECT string_agg(from_state || ' ' || to_state || ' ' || mover, E'\\n') FROM card_change_move");
    assertThat(rows.lines())
        .containsExactlyInAnyOrderElementsOf(
            LifeCycle.MOVES.stream()
                .map(move -> move.fromText() + " " + move.to() + " " + move.mover())
                .toList());
  }

  @Test
  void what_is_open_is_the_same_in_both_and_so_are_the_reasons(World world) throws Exception {
    String open =
        world.queryText(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid"
                + " AND a.attnum = d.adnum WHERE d.adrelid = 'card_change'::regclass AND a.attname = 'open'");
    for (ChangeState state : ChangeState.values()) {
      assertThat(open.contains("'" + state + "'")).as(state.name()).isEqualTo(state.isOpen());
    }
    String reasons =
        world.queryText(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'card_change_reason_check'");
    assertThat(
            Arrays.stream(ChangeReason.values())
                .filter(reason -> !reasons.contains("'" + reason + "'")))
        .isEmpty();
  }

  @Test
  void a_move_that_the_table_lacks_is_refused_from_every_state(World world) throws Exception {
    Map<String, Long> inState = oneInEachState(world);
    assertThat(inState.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ChangeState.values())
                .filter(state -> state != ChangeState.APPROVED)
                .map(Enum::name)
                .toList());
    int refused = 0;
    for (var entry : inState.entrySet()) {
      for (ChangeState to : ChangeState.values()) {
        for (Mover mover : Mover.values()) {
          ChangeState from = ChangeState.valueOf(entry.getKey());
          if (to != from && !LifeCycle.allows(from, to, mover)) {
            assertRefused(world, move(entry.getValue(), to, mover), "does not go from");
            refused++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(200);
    assertThat(oneInEachStateAgain(world, inState))
        .isEqualTo(inState.keySet().stream().sorted().toList());
  }

  @Test
  void history_and_what_was_applied_for_are_never_rewritten(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(2);
    long id = changes.verified(1, 1, null);
    for (String sql :
        List.of(
            "UPDATE card_change_step SET moved_by = 'nobody'",
            "DELETE FROM card_change_step",
            "TRUNCATE card_change_step",
            "UPDATE card_change_document SET ref = 'x'",
            "DELETE FROM card_change")) {
      assertRefused(world, sql, "append-only");
    }
    assertRefused(
        world,
        "INSERT INTO card_change_step (change_id, step_no, from_state, to_state, moved_as, moved_by, detail) VALUES ("
            + id
            + ", 9, 'VERIFIED', 'APPROVED', 'CHECKER', 'bob', '')",
        "written by moves");
    assertRefused(world, "UPDATE card_change SET account_id = 1", "applied for");
    assertRefused(world, "UPDATE card_change SET maker = 'eve'", "applied for");
    assertRefused(world, "UPDATE card_change SET name_match = 'NO_MATCH'", "bank said");
    assertRefused(world, "UPDATE card_change SET checker = 'bob'", "only a move");
    assertRefused(world, "UPDATE card_change SET steps = 7", "only a move");
  }

  @Test
  void what_a_move_needs_is_asked_for_by_the_database(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(2);
    long submitted = changes.submitted(1, 1, null);
    await(changes.due.lease(10));
    assertRefused(world, move(submitted, ChangeState.VERIFIED, Mover.ROUTER), "approved_only_when");
    assertRefused(
        world,
        move(submitted, ChangeState.FAILED_VERIFICATION, Mover.ROUTER),
        "failed_for_a_reason");
    assertRefused(world, move(submitted, ChangeState.EXPIRED, Mover.ROUTER), "needs more");
    assertRefused(world, move(submitted, ChangeState.REJECTED, Mover.CHECKER), "needs more");
    assertRefused(
        world,
        move(submitted, ChangeState.WITHDRAWN, Mover.MAKER).replace("'alice'", "'eve'"),
        "may not move");
    assertRefused(
        world,
        "INSERT INTO card_change (change_id, merchant_id, account_id, reason, maker, moved_by, expires_at)"
            + " SELECT 9, merchant_id, account_id, 'OTHER', 'alice', 'alice', now() FROM card_change",
        "card_change_open");
  }

  private static String move(long id, ChangeState to, Mover mover) {
    String by =
        switch (mover) {
          case MAKER -> "moved_by = 'alice'";
          case CHECKER -> "moved_by = 'bob', checker = 'bob'";
          case ROUTER -> "moved_by = 'router'";
        };
    return "UPDATE card_change SET state = '"
        + to
        + "', moved_as = '"
        + mover
        + "', moved_why = '', "
        + by
        + " WHERE change_id = "
        + id;
  }

  private static void assertRefused(World world, String sql, String why) {
    assertThatThrownBy(() -> world.execute(sql))
        .as(sql)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(why);
  }

  /** APPROVED is never seen between two commits. */
  private static Map<String, Long> oneInEachState(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(11);
    OffsetDateTime later = OffsetDateTime.now().plusDays(1);
    for (int n = 1; n <= 6; n++) {
      changes.submitted(n, n, n == 1 ? later : null);
    }
    long failed = changes.submitted(7, 7, null);
    for (var leased : await(changes.due.lease(100))) {
      var match = leased.changeId() == failed ? NameMatch.NO_MATCH : NameMatch.CLOSE;
      await(changes.due.record(leased, new Verification(match, null), false));
    }
    approve(world, changes, 1); // SCHEDULED
    approve(world, changes, 2); // EFFECTIVE
    approve(world, changes, 3);
    changes.submitted(3, 99, null);
    changes.verifyAll();
    approve(world, changes, 3); // SUPERSEDED, and one more EFFECTIVE
    await(changes.store.end(latest(world, 4), ChangeState.REJECTED, "bob", Mover.CHECKER, "no"));
    await(changes.store.end(latest(world, 5), ChangeState.WITHDRAWN, "alice", Mover.MAKER, ""));
    changes.submitted(8, 8, null); // VERIFYING
    await(changes.due.lease(100));
    long expired = changes.submitted(9, 9, null);
    world.execute(
        "UPDATE card_change SET expires_at = clock_timestamp() WHERE change_id = " + expired);
    await(changes.due.expire());
    changes.submitted(10, 10, null); // SUBMITTED
    Map<String, Long> inState = new TreeMap<>();
    for (ChangeState state : ChangeState.values()) {
      long id =
          world.queryLong(
              "SELECT coalesce(min(change_id), 0) FROM card_change WHERE state = '" + state + "'");
      if (id > 0) {
        inState.put(state.name(), id);
      }
    }
    return inState;
  }

  private static List<String> oneInEachStateAgain(World world, Map<String, Long> inState)
      throws Exception {
    String ids = inState.values().stream().map(String::valueOf).collect(Collectors.joining(","));
    return world
        .queryText(
            "SELECT string_agg(state, ',' ORDER BY state COLLATE \"C\") FROM card_change WHERE change_id IN ("
                + ids
                + ")")
        .lines()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .toList();
  }

  private static void approve(World world, Changes changes, int merchant) throws Exception {
    assertThat(await(changes.store.approve(latest(world, merchant), "bob")).outcome())
        .isEqualTo("DONE");
  }

  private static long latest(World world, int merchant) throws Exception {
    return world.queryLong(
        "SELECT max(change_id) FROM card_change WHERE merchant_id = '"
            + World.merchantId(merchant)
            + "'");
  }
}
