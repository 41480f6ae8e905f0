package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Reads a node's events as a console does, one after the other; blocking. */
public final class EventReader implements AutoCloseable {

  private final RawConnection connection;
  private final Api.Answer head;

  /** An event. */
  public record Event(String name, JsonNode data) {}

  /** Opens a stream, whatever the node answers. */
  public EventReader(Api api, String token, String query) throws IOException {
    this(api, token, query, 0);
  }

  /**
   * @param receiveBuffer bytes that the kernel keeps while nothing is read, or 0 for as many as it
   *     likes
   */
  public EventReader(Api api, String token, String query, int receiveBuffer) throws IOException {
    connection = new RawConnection(api.port(), receiveBuffer);
    connection.send(
        "GET /v1/events"
            + query
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n");
    head = connection.readHead();
  }

  /** Status and headers. */
  public Api.Answer head() {
    return head;
  }

  /** The next event, or null at the end of the stream. */
  public Event next() throws IOException {
    String name = "";
    JsonNode data = null;
    for (String line = connection.chunkedLine(); line != null; line = connection.chunkedLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        data = Api.parse(line.substring("data: ".length()));
      } else if (line.isEmpty() && data != null) {
        return new Event(name, data);
      } else if (!line.isEmpty() && !line.startsWith(":")) {
        throw new IOException("no line of an event: " + line);
      }
    }
    return null;
  }

  /** The data of the next event of that name. */
  public JsonNode next(String name) throws IOException {
    for (Event event = next(); event != null; event = next()) {
      if (event.name().equals(name)) {
        return event.data();
      }
    }
    throw new IOException("the stream ended without an event " + name);
  }

  /** Vanishes without a word. */
  @Override
  public void close() throws IOException {
    connection.vanish();
  }
}
