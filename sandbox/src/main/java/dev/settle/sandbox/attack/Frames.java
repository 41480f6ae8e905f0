package dev.settle.sandbox.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** HTTP/2 frames by hand, good and bad ones: RFC 9113, and RFC 7541 for what is in HEADERS. */
final class Frames {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int NO_WINDOW = 4;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** How every connection begins. */
  static Frames preface() {
    Frames frames = new Frames();
    frames.bytes.writeBytes(PREFACE.getBytes(US_ASCII));
    return frames.frame(SETTINGS, 0, 0);
  }

  /** The same, with no room for any answer. */
  static Frames prefaceWithoutWindow() {
    Frames frames = new Frames();
    frames.bytes.writeBytes(PREFACE.getBytes(US_ASCII));
    return frames.frame(SETTINGS, 0, 0, 0, NO_WINDOW, 0, 0, 0, 0);
  }

  Frames frame(int type, int flags, int stream, int... payload) {
    byte[] copy = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      copy[i] = (byte) payload[i];
    }
    return frame(type, flags, stream, copy);
  }

  Frames frame(int type, int flags, int stream, byte[] payload) {
    bytes.write(payload.length >> 16);
    bytes.write(payload.length >> 8);
    bytes.write(payload.length);
    bytes.write(type);
    bytes.write(flags);
    bytes.write(stream >> 24);
    bytes.write(stream >> 16);
    bytes.write(stream >> 8);
    bytes.write(stream);
    bytes.writeBytes(payload);
    return this;
  }

  /** A whole GET. */
  Frames get(int stream, String path, String token) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    // GET, http, :authority localhost; see RFC 7541, appendix A.
    block.write(0x82);
    block.write(0x86);
    literal(block, 0x01, "localhost");
    literal(block, 0x04, path);
    // authorization is number 23: fifteen, and eight more.
    block.write(0x0f);
    block.write(0x08);
    text(block, "Bearer " + token);
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
  }

  private static void literal(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String value) {
    int length = value.length();
    if (length < 0x7f) {
      block.write(length);
    } else {
      block.write(0x7f);
      int rest = length - 0x7f;
      while (rest >= 0x80) {
        block.write(rest & 0x7f | 0x80);
        rest >>= 7;
      }
      block.write(rest);
    }
    block.writeBytes(value.getBytes(US_ASCII));
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
