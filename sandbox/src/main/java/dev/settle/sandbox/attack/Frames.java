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

  private static final int GET = 0x82;
  private static final int POST = 0x83;
  private static final int HTTP = 0x86;
  private static final int AUTHORITY = 1;
  private static final int PATH = 4;
  private static final int BEYOND_FIFTEEN = 15;
  private static final int AUTHORIZATION = 23;
  private static final int CONTENT_TYPE = 31;

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
    return request(GET, END_STREAM | END_HEADERS, stream, path, token);
  }

  /** The head of a POST of JSON, whose body is to follow. */
  Frames post(int stream, String path, String token) {
    return request(POST, END_HEADERS, stream, path, token);
  }

  /** Indices are those of RFC 7541, appendix A. */
  private Frames request(int method, int flags, int stream, String path, String token) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(method);
    block.write(HTTP);
    literal(block, AUTHORITY, "localhost");
    literal(block, PATH, path);
    block.write(BEYOND_FIFTEEN);
    block.write(AUTHORIZATION - BEYOND_FIFTEEN);
    text(block, "Bearer " + token);
    block.write(BEYOND_FIFTEEN);
    block.write(CONTENT_TYPE - BEYOND_FIFTEEN);
    text(block, "application/json");
    return frame(HEADERS, flags, stream, block.toByteArray());
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
