package dev.settle.router.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a server said to bytes of any kind.
 *
 * @param status 0: it closed without an answer
 * @param headers names in lower case, the last of each
 */
record Reply(int status, Map<String, String> headers, String body) {

  private static final int PATIENCE_MILLIS = 15_000;
  private static final int MOST_BODY = 4 << 20;

  /**
   * Sends a request on a connection of its own and reads the whole answer; of an endless one its
   * head. Throws {@link java.net.SocketTimeoutException} when none comes.
   */
  static Reply to(int port, byte[] request, boolean headOnly) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
      } catch (IOException refusedHalfWay) {
        // An early answer is still there to be read.
      }
      return read(new BufferedInputStream(socket.getInputStream()), headOnly);
    }
  }

  private static Reply read(InputStream in, boolean headOnly) throws IOException {
    int status;
    Map<String, String> headers;
    do {
      String line = line(in);
      if (line == null || !line.matches("HTTP/1\\.[01] \\d{3}.*")) {
        return new Reply(0, Map.of(), String.valueOf(line));
      }
      status = Integer.parseInt(line.substring(9, 12));
      headers = headers(in);
    } while (status == 100);
    boolean endless = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
    if (headOnly || endless || status == 204 || status == 304) {
      return new Reply(status, headers, "");
    }
    return new Reply(status, headers, body(in, headers));
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    String length = headers.get("content-length");
    if (length != null) {
      return new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
    }
    if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return new String(in.readNBytes(MOST_BODY), UTF_8);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(in); size > 0; size = chunk(in)) {
      body.writeBytes(in.readNBytes(size));
      line(in);
    }
    return body.toString(UTF_8);
  }

  private static int chunk(InputStream in) throws IOException {
    String size = line(in);
    return size == null || size.isEmpty() ? 0 : Integer.parseInt(size, 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return line.size() == 0 ? null : line.toString(ISO_8859_1);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }
}
