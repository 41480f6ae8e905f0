package dev.settle.router.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/1.1 by hand on a socket of its own: for half requests, for uploads without an end, for
 * clients that do not read. Blocking; one thread may write while another reads.
 */
public final class RawConnection implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;
  private int chunkLeft;

  public RawConnection(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer bytes that the kernel keeps for a reader who does not read, or 0 for as
   *     many as it likes
   */
  public RawConnection(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
    out = socket.getOutputStream();
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void send(String text) throws IOException {
    send(text.getBytes(UTF_8));
  }

  /** A POST's head; {@code length} bytes are to follow, or chunks when it is negative. */
  public void head(String path, String token, String contentType, long length) throws IOException {
    head(path, token, contentType, length, "");
  }

  /**
   * @param more header lines, each with its end
   */
  public void head(String path, String token, String contentType, long length, String more)
      throws IOException {
    send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: "
            + contentType
            + (length < 0 ? "\r\nTransfer-Encoding: chunked" : "\r\nContent-Length: " + length)
            + "\r\n"
            + more
            + "\r\n");
  }

  public void post(String path, String token, String contentType, byte[] body) throws IOException {
    head(path, token, contentType, body.length);
    send(body);
  }

  public void chunk(byte[] bytes) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.length + 16);
    chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
    chunk.writeBytes(bytes);
    chunk.writeBytes("\r\n".getBytes(UTF_8));
    send(chunk.toByteArray());
  }

  public void chunk(String text) throws IOException {
    chunk(text.getBytes(UTF_8));
  }

  public void endOfChunks() throws IOException {
    send("0\r\n\r\n");
  }

  /** The status line and the headers, names in lower case; the body is left to be read. */
  public Api.Answer readHead() throws IOException {
    String status = line();
    Map<String, List<String>> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          List.of(header.substring(colon + 1).trim()));
    }
    return new Api.Answer(Integer.parseInt(status.split(" ")[1]), headers, "");
  }

  /** A whole answer. */
  public Api.Answer read() throws IOException {
    Api.Answer head = readHead();
    List<String> length = head.headers().get("content-length");
    String body;
    if (length != null) {
      body = new String(in.readNBytes(Integer.parseInt(length.get(0))), UTF_8);
    } else {
      StringBuilder lines = new StringBuilder();
      for (String line = chunkedLine(); line != null; line = chunkedLine()) {
        lines.append(line).append('\n');
      }
      body = lines.toString();
    }
    return new Api.Answer(head.status(), head.headers(), body);
  }

  /** The next line of a chunked body, or null at its end. */
  public String chunkedLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    for (int b = chunkedByte(); b != '\n'; b = chunkedByte()) {
      if (b < 0) {
        return line.size() == 0 ? null : line.toString(UTF_8);
      }
      line.write(b);
    }
    return line.toString(UTF_8);
  }

  private int chunkedByte() throws IOException {
    if (chunkLeft == 0) {
      chunkLeft = Integer.parseInt(line(), 16);
      if (chunkLeft == 0) {
        line();
        return -1;
      }
    }
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the connection ended inside an answer");
    }
    if (--chunkLeft == 0) {
      line();
    }
    return b;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** Whether the other side closes the connection, after whatever it still sends. */
  public boolean isClosedByServer() throws IOException {
    try {
      while (in.read() >= 0) {
        // What was still on its way.
      }
      return true;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** Ends our sending; the answer can still be read. */
  public void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Vanishes as a crashed client does: without a word, what is unread is lost. */
  public void vanish() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
