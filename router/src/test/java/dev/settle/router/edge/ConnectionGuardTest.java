package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {

  private static final long PATIENCE = Limits.CONNECTION_IDLE.toNanos();

  private final List<Refusal> counted = new ArrayList<>();
  private final ConnectionGuard guard =
      new ConnectionGuard(new Door(10, 10, false, counted::add), false);
  private final EmbeddedChannel channel = new EmbeddedChannel(guard);
  private final long start = System.nanoTime();

  @Test
  void a_head_that_comes_byte_by_byte_is_answered_and_closed_when_its_time_is_over() {
    send("GET / HTTP/1.1\r\n");
    look(Duration.ofSeconds(1));
    for (int second = 2; second <= Limits.REQUEST_HEAD.toSeconds(); second++) {
      send("x");
      look(Duration.ofSeconds(second));
      assertThat(channel.isOpen()).isTrue();
    }
    look(Limits.REQUEST_HEAD.plusSeconds(2));
    assertThat(said()).startsWith("HTTP/1.1 408 ").contains("\"request-too-slow\"");
    assertThat(channel.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.SLOW_HEAD);
  }

  @Test
  void a_connection_on_which_nothing_is_asked_is_closed_and_that_is_no_refusal() {
    look(Limits.CONNECTION_IDLE.minusSeconds(1));
    assertThat(channel.isOpen()).isTrue();
    look(Limits.CONNECTION_IDLE.plusSeconds(1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(counted).isEmpty();
  }

  @Test
  void where_a_PROXY_header_is_due_only_that_counts_and_it_has_its_time() {
    ConnectionGuard due = new ConnectionGuard(new Door(10, 10, true, counted::add), true);
    EmbeddedChannel silent = new EmbeddedChannel(due);
    due.look(start + Limits.PROXY_HEADER.minusSeconds(1).toNanos(), PATIENCE);
    assertThat(silent.isOpen()).isTrue();
    due.look(start + Limits.PROXY_HEADER.plusSeconds(1).toNanos(), PATIENCE);
    assertThat(silent.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.PROXY_HEADER);

    ConnectionGuard come = new ConnectionGuard(new Door(10, 10, true, counted::add), true);
    EmbeddedChannel begun = new EmbeddedChannel(come);
    begun.writeInbound(Unpooled.copiedBuffer("GET", US_ASCII));
    come.look(start + Limits.PROXY_HEADER.plusSeconds(1).toNanos(), PATIENCE);
    assertThat(begun.isOpen()).isTrue();
  }

  @Test
  void it_makes_room_sooner_while_the_node_is_crowded() {
    long little = Limits.CONNECTION_IDLE_CROWDED.toNanos();
    guard.look(start + little + Duration.ofSeconds(1).toNanos(), little);
    assertThat(channel.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.CROWDED_OUT);
  }

  @Test
  void pings_keep_no_http2_connection_on_which_nothing_is_asked() {
    send(FrameMeter.PREFACE);
    for (int second = 10; second <= Limits.CONNECTION_IDLE.toSeconds(); second += 10) {
      channel.writeInbound(ping());
      look(Duration.ofSeconds(second - 1));
      assertThat(channel.isOpen()).isTrue();
    }
    look(Limits.CONNECTION_IDLE.plusSeconds(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void a_flood_of_frames_is_told_to_calm_down_and_nothing_more_of_it_is_taken() {
    send(FrameMeter.PREFACE);
    ByteBuf flood = Unpooled.buffer();
    for (int n = 0; n <= Limits.HTTP2_IDLE_FRAMES; n++) {
      flood.writeBytes(ping());
    }
    channel.inboundMessages().clear();
    channel.writeInbound(flood);
    assertThat(channel.inboundMessages()).isEmpty();
    String goAway = said();
    assertThat(goAway.charAt(3)).as("a frame's type").isEqualTo((char) 7);
    assertThat(goAway.charAt(16)).as("ENHANCE_YOUR_CALM").isEqualTo((char) 11);
    assertThat(channel.config().isAutoRead()).isFalse();
    look(Duration.ofSeconds(1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(counted).containsExactly(Refusal.FRAME_FLOOD);
  }

  private void look(Duration after) {
    guard.look(start + after.toNanos(), PATIENCE);
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private String said() {
    ByteBuf out = channel.readOutbound();
    assertThat(out).isNotNull();
    return out.toString(ISO_8859_1);
  }

  private static ByteBuf ping() {
    return Unpooled.buffer().writeMedium(8).writeByte(6).writeByte(0).writeInt(0).writeZero(8);
  }
}
