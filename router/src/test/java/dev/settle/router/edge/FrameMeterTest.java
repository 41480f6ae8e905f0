package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameMeterTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;

  private final FrameMeter meter = new FrameMeter();

  @Test
  void frames_that_carry_nothing_are_counted_and_cut_off_at_the_bound() {
    take(FrameMeter.PREFACE);
    for (int n = 0; n < Limits.HTTP2_IDLE_FRAMES; n++) {
      assertThat(meter.take(frame(PING, 0, 8), 0)).isTrue();
    }
    assertThat(meter.take(frame(PING, 0, 8), 0)).isFalse();
  }

  @Test
  void requests_and_their_bodies_are_not_counted_however_many() {
    take(FrameMeter.PREFACE);
    for (int n = 0; n < 100 * Limits.HTTP2_IDLE_FRAMES; n++) {
      assertThat(meter.take(frame(HEADERS, 4, 100), 0)).isTrue();
      assertThat(meter.take(frame(DATA, 0, 300), 0)).isTrue();
      assertThat(meter.take(frame(DATA, 1, 0), 0)).as("the end of a body").isTrue();
    }
  }

  @Test
  void empty_data_that_ends_nothing_is_counted() {
    take(FrameMeter.PREFACE);
    boolean quiet = true;
    for (int n = 0; n <= Limits.HTTP2_IDLE_FRAMES; n++) {
      quiet = meter.take(frame(DATA, 0, 0), 0);
    }
    assertThat(quiet).isFalse();
  }

  @Test
  void requests_that_are_taken_back_are_counted_apart() {
    take(FrameMeter.PREFACE);
    for (int n = 0; n < Limits.HTTP2_RESETS; n++) {
      assertThat(meter.take(frame(RST_STREAM, 0, 4), 0)).isTrue();
      assertThat(meter.take(frame(PING, 0, 8), 0)).isTrue();
    }
    assertThat(meter.take(frame(RST_STREAM, 0, 4), 0)).isFalse();
  }

  @Test
  void readers_may_make_room_as_often_as_they_read_but_not_without_end() {
    take(FrameMeter.PREFACE);
    for (int n = 0; n < Limits.HTTP2_WINDOW_UPDATES; n++) {
      assertThat(meter.take(frame(WINDOW_UPDATE, 0, 4), 0)).isTrue();
    }
    assertThat(meter.take(frame(WINDOW_UPDATE, 0, 4), 0)).isFalse();
  }

  @Test
  void what_was_long_ago_is_forgotten() {
    take(FrameMeter.PREFACE);
    long later = 2 * Limits.HTTP2_FRAMES_WINDOW.toNanos();
    for (int n = 0; n < Limits.HTTP2_IDLE_FRAMES; n++) {
      meter.take(frame(PING, 0, 8), 0);
    }
    assertThat(meter.take(frame(PING, 0, 8), later)).isTrue();
  }

  @Test
  void frames_are_told_apart_wherever_the_network_cuts_them() {
    ByteBuf all = Unpooled.buffer().writeBytes(FrameMeter.PREFACE.getBytes(US_ASCII));
    for (int n = 0; n < Limits.HTTP2_IDLE_FRAMES; n++) {
      all.writeBytes(frame(HEADERS, 4, n)).writeBytes(frame(PING, 0, 8));
    }
    Random cuts = new Random(1);
    while (all.isReadable()) {
      int length = Math.min(1 + cuts.nextInt(20), all.readableBytes());
      assertThat(meter.take(all.readSlice(length), 0)).isTrue();
    }
    assertThat(meter.isHttp2()).isTrue();
    assertThat(meter.take(frame(PING, 0, 8), 0)).isFalse();
  }

  @Test
  void what_is_not_http2_is_seen_at_its_first_byte() {
    take("GET / HTTP/1.1\r\n");
    assertThat(meter.isOther()).isTrue();
    assertThat(meter.isHttp2()).isFalse();
  }

  private void take(String text) {
    assertThat(meter.take(Unpooled.copiedBuffer(text, US_ASCII), 0)).isTrue();
  }

  private static ByteBuf frame(int type, int flags, int length) {
    return Unpooled.buffer()
        .writeMedium(length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(1)
        .writeZero(length);
  }
}
