package dev.settle.sandbox.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/** The attacks that are tried, each against one bound of a server. */
public final class Attacks {

  private static final String SINGLE = "/v1/transactions";
  private static final String BULK = "/v1/transactions/bulk";
  private static final byte[] NOTHING = {};

  /** An empty line means nothing before a request, and shows whether the connection is there. */
  private static final byte[] A_WORD = {'\r', '\n'};

  private static final int KIB = 1024;

  /**
   * Each of them has a few hundred frames before it is cut off: more would be work for us alone.
   */
  private static final int HTTP2_CONNECTS = 40;

  /** Each has megabytes of answers made for it: many at once are processor time and no more. */
  private static final int READERS_CONNECT = 20;

  private static final int BOMB_MIB = 64;

  private final Target target;

  public Attacks(Target target) {
    this.target = target;
  }

  /** Those that hold places, for as long as they are let. */
  public List<Attack> slow() {
    return List.of(
        slowHeads(), slowBodies(), slowUploads(), slowReaders(), slowStreams(), stalled());
  }

  /** Those that come fast. */
  public List<Attack> fast() {
    return List.of(
        idle(10_000),
        hugeHeads(),
        manyHeaders(),
        hugeBodies(),
        endlessTrailers(),
        endlessChunkSize(),
        rapidReset(),
        continuations(),
        pings(),
        settings(),
        emptyData(),
        windowUpdates(),
        deepJson(),
        hugeNumbers(),
        bombs(),
        pipelined());
  }

  /** Connections on which nothing is ever sent. */
  public Attack idle(int connections) {
    return new Attack(
        "idle-connections",
        connections + " connections that send nothing",
        connections,
        NOTHING,
        n -> NOTHING,
        0,
        true,
        20_000);
  }

  private Attack slowHeads() {
    return drip(
        "slow-heads",
        "a head of which a byte comes each second",
        300,
        "GET /v1/unposted HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(UTF_8),
        true);
  }

  private Attack slowBodies() {
    return drip(
        "slow-bodies",
        "a sale of which a byte comes each second",
        300,
        post(SINGLE, "application/json", "Content-Length: 400"),
        true);
  }

  private Attack slowUploads() {
    return new Attack(
        "slow-uploads",
        "an upload whose line comes byte by byte",
        100,
        post(BULK, "application/x-ndjson", "Transfer-Encoding: chunked"),
        n -> "1\r\nx\r\n".getBytes(UTF_8),
        1,
        true,
        1_000);
  }

  private Attack slowReaders() {
    String ask = "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";
    return new Attack(
        "slow-readers",
        "a hundred answers of 100 kB asked for at once, and none taken",
        100,
        ask.repeat(100).getBytes(UTF_8),
        n -> A_WORD,
        0.5,
        false,
        READERS_CONNECT);
  }

  private Attack slowStreams() {
    byte[] ask =
        ("GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + target.readerToken()
                + "\r\n\r\n")
            .getBytes(UTF_8);
    return new Attack(
        "slow-streams",
        "streams of events that are not read",
        40,
        ask,
        n -> A_WORD,
        0.5,
        false,
        100);
  }

  private Attack stalled() {
    return new Attack(
        "http2-stalled",
        "HTTP/2 answers asked for, and no window for them; a ping now and then",
        50,
        stalledOpening(),
        n -> new Frames().frame(Frames.PING, 0, 0, new byte[8]).bytes(),
        1,
        true,
        READERS_CONNECT);
  }

  private byte[] stalledOpening() {
    Frames frames = Frames.prefaceWithoutWindow();
    for (int n = 0; n < 50; n++) {
      frames.get(1 + 2 * n, "/openapi.yaml", "none");
    }
    return frames.bytes();
  }

  private Attack hugeHeads() {
    return flood(
        "huge-heads",
        "a header without an end",
        "GET / HTTP/1.1\r\nX: ".getBytes(UTF_8),
        n -> "x".repeat(8 * KIB).getBytes(UTF_8),
        200);
  }

  private Attack manyHeaders() {
    byte[] request = ("GET / HTTP/1.1\r\n" + "a:b\r\n".repeat(2_000) + "\r\n").getBytes(UTF_8);
    return flood("many-headers", "heads of 2,000 headers", NOTHING, n -> request, 20);
  }

  private Attack hugeBodies() {
    return flood(
        "huge-bodies",
        "a sale in chunks without an end",
        post(SINGLE, "application/json", "Transfer-Encoding: chunked"),
        n -> ("4000\r\n" + "x".repeat(16 * KIB) + "\r\n").getBytes(UTF_8),
        200);
  }

  private Attack endlessTrailers() {
    return flood(
        "endless-trailers",
        "trailers after a body, without an end",
        join(post(SINGLE, "application/json", "Transfer-Encoding: chunked"), "2\r\n{}\r\n0\r\n"),
        n -> "t: trailer\r\n".repeat(100).getBytes(UTF_8),
        100);
  }

  private Attack endlessChunkSize() {
    return flood(
        "endless-chunk-extensions",
        "an extension of a chunk, without an end",
        join(post(SINGLE, "application/json", "Transfer-Encoding: chunked"), "2;"),
        n -> "x".repeat(1_000).getBytes(UTF_8),
        100);
  }

  private Attack rapidReset() {
    return http2(
        "http2-rapid-reset",
        "requests taken back as soon as they are sent",
        n ->
            new Frames()
                .get(1 + 2 * n, "/v1/unposted", target.readerToken())
                .frame(Frames.RST_STREAM, 0, 1 + 2 * n, 0, 0, 0, 8)
                .bytes());
  }

  private Attack continuations() {
    byte[] piece = new Frames().frame(Frames.CONTINUATION, 0, 1, 0x10, 1, 'a', 1, 'b').bytes();
    return http2(
        "http2-continuations",
        "a head in ever more pieces",
        n -> n == 0 ? new Frames().frame(Frames.HEADERS, 0, 1, 0x82).bytes() : piece);
  }

  private Attack pings() {
    byte[] ping = new Frames().frame(Frames.PING, 0, 0, new byte[8]).bytes();
    return http2("http2-pings", "PING, all the time", n -> ping);
  }

  private Attack settings() {
    byte[] settings = new Frames().frame(Frames.SETTINGS, 0, 0).bytes();
    return http2("http2-settings", "SETTINGS, all the time", n -> settings);
  }

  private Attack emptyData() {
    byte[] data = new Frames().frame(Frames.DATA, 0, 1).bytes();
    byte[] post = new Frames().post(1, SINGLE, target.terminalToken()).bytes();
    return http2(
        "http2-empty-data",
        "a body of DATA with nothing in it, without an end",
        n -> n == 0 ? post : data);
  }

  private Attack windowUpdates() {
    byte[] update = new Frames().frame(Frames.WINDOW_UPDATE, 0, 0, 0, 0, 0, 1).bytes();
    return http2("http2-window-updates", "room for one byte more, all the time", n -> update);
  }

  private Attack deepJson() {
    return bodies("deep-json", "sales of 16,000 brackets", "[".repeat(16_000).getBytes(UTF_8), "");
  }

  private Attack hugeNumbers() {
    String number = "{\"amountMinor\":" + "9".repeat(16_000) + "}";
    return bodies("huge-numbers", "numbers of 16,000 digits", number.getBytes(UTF_8), "");
  }

  private Attack bombs() {
    return bodies(
        "decompression-bombs",
        "a body of " + BOMB_MIB + " MiB packed into " + BOMB_MIB + " KiB",
        bomb(),
        "Content-Encoding: gzip\r\n");
  }

  private Attack pipelined() {
    byte[] many = "GET /v1/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100).getBytes(UTF_8);
    return flood("pipelined", "a hundred requests at once, again and again", NOTHING, n -> many, 2);
  }

  private Attack drip(String name, String what, int connections, byte[] opening, boolean reads) {
    return new Attack(name, what, connections, opening, n -> "x".getBytes(UTF_8), 1, reads, 1_000);
  }

  /** From eight connections, so many pieces of each in a second. */
  private Attack flood(
      String name, String what, byte[] opening, IntFunction<byte[]> piece, double perSecond) {
    return new Attack(name, what, 8, opening, piece, perSecond, true, 100);
  }

  private Attack http2(String name, String what, IntFunction<byte[]> piece) {
    return new Attack(name, what, 8, Frames.preface().bytes(), piece, 4_000, true, HTTP2_CONNECTS);
  }

  private Attack bodies(String name, String what, byte[] body, String more) {
    byte[] head = post(SINGLE, "application/json", more + "Content-Length: " + body.length);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return flood(name, what, NOTHING, n -> request, 25);
  }

  private byte[] post(String path, String type, String more) {
    return ("POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + target.terminalToken()
            + "\r\nContent-Type: "
            + type
            + "\r\n"
            + more
            + "\r\n\r\n")
        .getBytes(UTF_8);
  }

  private static byte[] join(byte[] head, String more) {
    return (new String(head, UTF_8) + more).getBytes(UTF_8);
  }

  private static byte[] bomb() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[KIB * KIB];
      for (int mib = 0; mib < BOMB_MIB; mib++) {
        gzip.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
