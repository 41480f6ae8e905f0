package dev.settle.router.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node records is bounded in number, and what is lost is said. */
@ExtendWith(InvariantsHold.class)
class AuditTrailIT {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong noted = new AtomicLong();

  private final AuditMetrics metrics =
      new AuditMetrics() {
        @Override
        public void noted(AuditAction action) {
          noted.incrementAndGet();
        }

        @Override
        public void lost(long events) {
          lost.addAndGet(events);
        }

        @Override
        public void creditsSealed(long credits) {}

        @Override
        public void auditBehind(Duration unlinked, Duration unsealed) {}
      };

  @AfterEach
  void close() throws Exception {
    World.await(vertx.close());
  }

  private AuditTrail trail(Settings.Database database) {
    Pool pool = Databases.pool(vertx, database, 2, "audit test");
    return new AuditTrail(vertx, pool, metrics, "node-7");
  }

  private static AuditEvent refusal(String actor, String from) {
    return refusal(actor, "forbidden", "SET_HOLD", from);
  }

  private static AuditEvent refusal(String actor, String why, String object, String from) {
    return new AuditEvent(
        AuditAction.ACCESS_REFUSED, actor, "maker", object, why, from, Map.of("a", "b"));
  }

  private static long counted(World world, String where) throws Exception {
    return world.queryLong(
        "SELECT coalesce(sum(coalesce((detail ->> 'repeats')::bigint, 1)), 0) FROM audit_event WHERE "
            + where);
  }

  private static String recorded(World world) throws Exception {
    return world.queryText(
        "SELECT coalesce(string_agg(concat_ws(' ', action, actor, origin, detail ->> 'repeats', detail ->> 'events'), '; ' ORDER BY event_id), '')"
            + " FROM audit_event");
  }

  @Test
  void a_flood_is_one_record_at_once_and_one_for_each_minute(World world) throws Exception {
    AuditTrail trail = trail(world.routerSettings());
    for (int i = 0; i < 1_000; i++) {
      trail.refused(refusal("mary", "10.0.0.1"));
    }
    World.await(trail.recordRepeats());
    assertThat(recorded(world))
        .isEqualTo("ACCESS_REFUSED mary 10.0.0.1; ACCESS_REFUSED mary 10.0.0.1 999");
    World.await(trail.record(refusal("anna", "10.0.0.2")));
    assertThat(recorded(world)).endsWith("999; ACCESS_REFUSED anna 10.0.0.2");

    trail.refused(refusal("mary", "10.0.0.1"));
    World.await(trail.recordRepeats());
    World.await(trail.recordRepeats());
    assertThat(recorded(world)).endsWith("anna 10.0.0.2; ACCESS_REFUSED mary 10.0.0.1 1");
    trail.refused(refusal("mary", "10.0.0.1"));
    World.await(trail.recordRepeats());
    assertThat(recorded(world))
        .as("after a quiet minute a first one")
        .endsWith(" 1; ACCESS_REFUSED mary 10.0.0.1");
    assertThat(noted).hasValue(1_002);
    assertThat(lost).hasValue(0);
  }

  @Test
  void callers_without_number_take_no_memory_without_bound(World world) throws Exception {
    AuditTrail trail = trail(world.routerSettings());
    int callers = 3 * Limits.AUDIT_KINDS;
    for (int i = 0; i < callers; i++) {
      trail.refused(refusal("anonymous", "10.0." + i / 256 + "." + i % 256));
    }
    // Whom it is full of has no part in these.
    trail.refused(refusal("mary", "10.0.0.1"));
    trail.loggedIn(
        new AuditEvent(AuditAction.LOGGED_IN, "anna", "maker", "SET_HOLD", null, "::1", Map.of()));
    World.await(trail.recordRepeats());

    assertThat(counted(world, "actor = 'anonymous'")).isEqualTo(Limits.AUDIT_KINDS);
    assertThat(counted(world, "actor = 'router'")).isEqualTo(callers - Limits.AUDIT_KINDS);
    assertThat(counted(world, "actor = 'mary'")).isOne();
    assertThat(counted(world, "actor = 'anna'")).isOne();
    assertThat(lost).hasValue(0);
  }

  @Test
  void a_network_of_addresses_is_one_caller(World world) throws Exception {
    AuditTrail trail = trail(world.routerSettings());
    for (int i = 0; i < 1_000; i++) {
      trail.refused(refusal("anonymous", "2001:db8:0:7::" + Integer.toHexString(i)));
    }
    trail.refused(refusal("anonymous", "2001:db8:0:8::1"));
    World.await(trail.recordRepeats());
    // The first of each is written at once, over a connection of its own: these two in any order.
    String first = "ACCESS_REFUSED anonymous 2001:db8:0:7::0; ";
    String other = "ACCESS_REFUSED anonymous 2001:db8:0:8::1; ";
    String counted = "ACCESS_REFUSED anonymous 2001:db8:0:7::3e7 999";
    assertThat(recorded(world)).isIn(first + other + counted, other + first + counted);
  }

  @Test
  void each_reason_has_its_record_and_one_caller_a_bounded_number(World world) throws Exception {
    AuditTrail trail = trail(world.routerSettings());
    for (String why : List.of("signature-expired", "signature-invalid", "signature-replayed")) {
      for (int i = 0; i < Limits.AUDIT_KINDS_OF_ONE; i++) {
        trail.refused(refusal("key-1", why, "ROUTE_" + i, "10.0.0.1"));
      }
    }
    World.await(trail.recordRepeats());
    for (String why : List.of("signature-expired", "signature-invalid", "signature-replayed")) {
      assertThat(counted(world, "reason = '" + why + "'"))
          .as(why)
          .isEqualTo(Limits.AUDIT_KINDS_OF_ONE);
    }
    assertThat(world.queryLong("SELECT count(*) FROM audit_event"))
        .as("of two more reasons the first at once, unless too many are being written")
        .isBetween(Limits.AUDIT_KINDS_OF_ONE + 2L, Limits.AUDIT_KINDS_OF_ONE + 4L);
    assertThat(lost).hasValue(0);
  }

  @Test
  void what_could_not_be_recorded_is_said_when_the_database_is_back(World world) throws Exception {
    AuditTrail trail = trail(world.routerSettings());
    world.execute(
        "REVOKE EXECUTE ON FUNCTION audit_record(text, text, text, text, text, text, jsonb) FROM settle_router");
    trail.refused(refusal("mary", "10.0.0.1"));
    trail.refused(refusal("mary", "10.0.0.1"));
    World.await(trail.recordRepeats());
    assertThat(lost).hasValue(2);
    assertThat(recorded(world)).isEmpty();

    world.execute(
        "GRANT EXECUTE ON FUNCTION audit_record(text, text, text, text, text, text, jsonb) TO settle_router");
    World.await(trail.recordRepeats());
    assertThat(recorded(world)).isEqualTo("RECORDS_LOST router 127.0.0.1 2");
  }

  @Test
  void what_is_the_databases_to_record_is_no_nodes(World world) {
    assertThatThrownBy(
            () ->
                new AuditEvent(
                    AuditAction.MERCHANT_HOLD_SET, "a", "", "merchant M1", null, "", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
