package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears what is told without being asked for: the consoles' stream, and the database's notices. */
public final class Listener implements AutoCloseable {

  private final Socket socket = new Socket();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final Evidence evidence;
  private final Thread reader;

  private Listener(int port, String token, Evidence evidence) throws IOException {
    this.evidence = evidence;
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket
        .getOutputStream()
        .write(
            Wire.request(
                "GET", "/v1/events", Map.of("Authorization", "Bearer " + token), new byte[0]));
    InputStream in = socket.getInputStream();
    reader = new Thread(() -> listen(in), "listener");
    reader.start();
  }

  /** Opens the stream; what it said is evidence when it is closed. */
  public static Listener ofEvents(int port, String token, Evidence evidence) throws IOException {
    return new Listener(port, token, evidence);
  }

  /** What was notified to this connection so far. */
  public static void notifications(Connection connection, Evidence evidence) throws SQLException {
    PGNotification[] told = connection.unwrap(PGConnection.class).getNotifications();
    for (PGNotification notification : told) {
      evidence.add("notification " + notification.getName(), notification.getParameter());
    }
  }

  private void listen(InputStream in) {
    byte[] piece = new byte[8_192];
    try {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        synchronized (heard) {
          heard.write(piece, 0, read);
        }
      }
    } catch (IOException closed) {
      // By us, at the end.
    }
  }

  /** All that the stream has said so far. */
  public byte[] heard() {
    synchronized (heard) {
      return heard.toByteArray();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String stream = new String(heard(), UTF_8);
    if (!stream.contains("data:")) {
      throw new IOException("the event stream said nothing");
    }
    evidence.add("event stream", stream);
  }
}
