package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 by hand, a connection for each request: sends what no client would. Blocking. */
final class Wire {

  /** Who is silent for so long has said what he says. */
  private static final int PATIENCE_MILLIS = 1_500;

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private Wire() {}

  /** The whole answer with its head, as it came. */
  static byte[] ask(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return heard(socket.getInputStream());
    }
  }

  /**
   * Until the end, or until nothing comes, or for so long: what is no request may leave its
   * connection open, and a stream never ends.
   */
  private static byte[] heard(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[16_384];
    long end = System.nanoTime() + LONGEST_NANOS;
    try {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        all.write(piece, 0, read);
        if (System.nanoTime() > end) {
          break;
        }
      }
    } catch (SocketTimeoutException silence) {
      if (all.size() == 0) {
        throw silence;
      }
    }
    return all.toByteArray();
  }

  static byte[] request(String method, String path, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Host: localhost\r\nConnection: close\r\n");
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: " + body.length + "\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
    all.writeBytes(body);
    return all.toByteArray();
  }

  static int status(byte[] answer) {
    String text = new String(answer, ISO_8859_1);
    return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
  }
}
