package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import io.netty.buffer.ByteBuf;

/**
 * Counts the frames of one HTTP/2 connection, as its bytes come in, that carry no part of a
 * request: PING, SETTINGS, PRIORITY, CONTINUATION, empty DATA and unknown ones; RST_STREAM, each of
 * which has had us begin in vain; and WINDOW_UPDATE, which readers need many of. Netty bounds some
 * of these, each in its own way, and answers the others as fast as they come; what is counted here
 * is cut off before it gets there. RFC 9113, section 4.1 has the layout, section 10.5 the attacks.
 */
final class FrameMeter {

  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int HEAD_BYTES = 9;
  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int PRIORITY = 0x2;
  static final int RST_STREAM = 0x3;
  static final int SETTINGS = 0x4;
  static final int PING = 0x6;
  static final int WINDOW_UPDATE = 0x8;
  static final int END_STREAM = 0x1;

  private int prefaceBytes;
  private boolean wrongPreface;
  private int headBytes;
  private int length;
  private int type;
  private int flags;
  private int payloadLeft;
  private int idleFrames;
  private int resets;
  private int windowUpdates;
  private long windowNanos;

  /** Whether what came so far is no beginning of HTTP/2. */
  boolean isOther() {
    return wrongPreface;
  }

  /** Whether the preface has come whole. */
  boolean isHttp2() {
    return prefaceBytes == PREFACE.length();
  }

  /** Takes note of bytes, without consuming them; false when there were too many frames. */
  boolean take(ByteBuf bytes, long nowNanos) {
    tick(nowNanos);
    int at = preface(bytes, bytes.readerIndex());
    while (!wrongPreface && at < bytes.writerIndex()) {
      if (payloadLeft > 0) {
        int skipped = Math.min(payloadLeft, bytes.writerIndex() - at);
        payloadLeft -= skipped;
        at += skipped;
      } else {
        head(bytes.getUnsignedByte(at++));
      }
    }
    return isQuiet();
  }

  /** Forgets what was counted when its time is over. */
  void tick(long nowNanos) {
    if (nowNanos - windowNanos > Limits.HTTP2_FRAMES_WINDOW.toNanos()) {
      windowNanos = nowNanos;
      idleFrames = 0;
      resets = 0;
      windowUpdates = 0;
    }
  }

  /** Whether there were no more than there may be. */
  boolean isQuiet() {
    return idleFrames <= Limits.HTTP2_IDLE_FRAMES
        && resets <= Limits.HTTP2_RESETS
        && windowUpdates <= Limits.HTTP2_WINDOW_UPDATES;
  }

  private int preface(ByteBuf bytes, int from) {
    int at = from;
    while (!wrongPreface && prefaceBytes < PREFACE.length() && at < bytes.writerIndex()) {
      if (bytes.getByte(at++) == PREFACE.charAt(prefaceBytes)) {
        prefaceBytes++;
      } else {
        wrongPreface = true;
      }
    }
    return at;
  }

  private void head(int next) {
    switch (headBytes++) {
      case 0, 1, 2 -> length = length << 8 | next;
      case 3 -> type = next;
      case 4 -> flags = next;
      case HEAD_BYTES - 1 -> frame();
      default -> {
        // The stream's number.
      }
    }
  }

  private void frame() {
    note(type, flags, length);
    payloadLeft = length;
    headBytes = 0;
    length = 0;
  }

  /** Counts a frame of this type, with these flags and so many bytes. */
  void note(int type, int flags, int length) {
    if (type == WINDOW_UPDATE) {
      windowUpdates++;
    } else if (type == RST_STREAM) {
      resets++;
    } else if (type != HEADERS && !(type == DATA && (length > 0 || (flags & END_STREAM) != 0))) {
      idleFrames++;
    }
  }
}
