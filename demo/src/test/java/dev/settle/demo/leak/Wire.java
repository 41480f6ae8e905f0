package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;

/** HTTP/1.1 by hand, a connection for each request: sends what no client would. Blocking. */
final class Wire {

  private static final int PATIENCE_MILLIS = 20_000;

  private Wire() {}

  /** The whole answer with its head, as it came. */
  static byte[] ask(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return socket.getInputStream().readAllBytes();
    }
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
