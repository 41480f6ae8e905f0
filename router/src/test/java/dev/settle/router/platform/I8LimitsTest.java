package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class I8LimitsTest {

  @Test
  void every_limit_is_a_bound() throws Exception {
    for (Field field : Limits.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        Object limit = field.get(null);
        assertThat(Modifier.isFinal(field.getModifiers())).as(field.getName()).isTrue();
        if (limit instanceof Duration duration) {
          assertThat(duration).as(field.getName()).isPositive().isLessThan(Duration.ofDays(1));
        } else {
          assertThat(((Number) limit).longValue()).as(field.getName()).isBetween(1L, 1L << 30);
        }
      }
    }
  }

  @Test
  void a_credits_place_fits_into_its_id() {
    assertThat(Limits.RECORD_ROWS).isLessThan(1 << 12);
  }

  @Test
  void what_is_made_in_one_place_fits_into_the_next() {
    assertThat(Limits.BULK_LINES).isLessThan(Limits.RECORD_QUEUE);
    assertThat(Limits.RECORD_ROWS).isLessThanOrEqualTo(Limits.CONSIGNMENT_CREDITS);
    assertThat(Limits.CONSIGNMENT_CREDITS).isLessThanOrEqualTo(Limits.DISPATCH_QUEUE_CREDITS);
    assertThat(Limits.CONSIGNMENT_BATCHES).isLessThanOrEqualTo(Limits.DISPATCH_QUEUE_BATCHES);
    assertThat(Limits.SWEEP_BATCHES).isLessThanOrEqualTo(Limits.DISPATCH_QUEUE_BATCHES);
    assertThat(Limits.SWEEP_BATCHES * Limits.CONSIGNMENT_CREDITS)
        .as("credits of one catch of the sweep")
        .isLessThanOrEqualTo(4 * Limits.DISPATCH_QUEUE_CREDITS);
  }

  @Test
  void a_node_that_works_is_never_taken_for_dead() {
    assertThat(Limits.SWEEP_EVERY.multipliedBy(3)).isLessThan(Limits.LEASE);
  }

  @Test
  void the_pools_have_a_connection_for_each_thing_under_way() {
    assertThat(Limits.DISPATCHER_CONNECTIONS).isGreaterThanOrEqualTo(Limits.CONSIGNMENTS_PER_RAIL);
    assertThat(Limits.RECORDER_CONNECTIONS).isPositive();
  }

  @Test
  void a_reader_hears_that_the_database_gave_up() {
    assertThat(Limits.READ_STATEMENT).isLessThan(Limits.READ_ANSWER);
    assertThat(Limits.IN_FLIGHT_ANSWER)
        .as("what is done already is answered before anybody gives up on it")
        .isLessThan(Limits.READ_STATEMENT);
  }

  @Test
  void a_bank_that_hangs_on_verifications_holds_up_nothing_but_these() {
    assertThat(Limits.VERIFICATIONS_AT_ONCE).isLessThanOrEqualTo(Limits.VERIFICATION_CONNECTIONS);
    assertThat(Limits.VERIFICATIONS_AT_ONCE).isLessThanOrEqualTo(Limits.VERIFICATION_QUEUE);
    assertThat(Limits.BANK_ANSWER.multipliedBy(2))
        .as("for a connection, then for the answer")
        .isLessThan(Limits.VERIFICATION_LEASE);
  }
}
