package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.settle.router.platform.Limits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTest {

  private final List<Refusal> counted = new ArrayList<>();
  private final Door door = new Door(10, 10, false, this::count);

  private void count(Refusal why) {
    if (why == Refusal.SLOW_HEAD) {
      throw new IllegalStateException("a fault for this test");
    }
    counted.add(why);
  }

  @Test
  void a_fault_at_one_connection_closes_that_one_and_the_others_keep_their_bounds() {
    EmbeddedChannel faulty = new EmbeddedChannel(new ConnectionGuard(door, false));
    faulty.writeInbound(Unpooled.copiedBuffer("GET", US_ASCII));
    ConnectionGuard guard = new ConnectionGuard(door, false);
    EmbeddedChannel idle = new EmbeddedChannel(guard);
    Watch watch = door.watchOf(faulty.eventLoop());
    watch.add(guard);
    long start = System.nanoTime();

    watch.look(start + Duration.ofSeconds(1).toNanos());
    watch.look(start + Limits.REQUEST_HEAD.plusSeconds(2).toNanos());
    assertThat(faulty.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.FAULT);
    assertThat(idle.isOpen()).isTrue();

    watch.look(start + Limits.CONNECTION_IDLE.plusSeconds(1).toNanos());
    assertThat(idle.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.FAULT);
  }

  @Test
  void a_fault_that_cannot_even_be_counted_ends_no_looking() {
    Door broken =
        new Door(
            10,
            10,
            false,
            why -> {
              throw new IllegalStateException("a fault for this test");
            });
    EmbeddedChannel faulty = new EmbeddedChannel(new ConnectionGuard(broken, false));
    faulty.writeInbound(Unpooled.copiedBuffer("GET", US_ASCII));
    Watch watch = broken.watchOf(faulty.eventLoop());
    long start = System.nanoTime();
    watch.look(start + Duration.ofSeconds(1).toNanos());
    assertThatCode(() -> watch.look(start + Limits.REQUEST_HEAD.plusSeconds(2).toNanos()))
        .doesNotThrowAnyException();
    assertThat(faulty.isOpen()).isFalse();
  }
}
