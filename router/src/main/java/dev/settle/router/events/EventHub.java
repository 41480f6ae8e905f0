package dev.settle.router.events;

import dev.settle.router.events.EventStream.Why;
import dev.settle.router.platform.Limits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one node, a bounded number, and what they are told. Thread-safe: streams belong to
 * several event loops.
 */
public final class EventHub {

  /**
   * Where the database notifies of events: {@code {"topic":…}} and what the event carries; {@code
   * tell_console} does it.
   */
  public static final String CHANNEL = "console_event";

  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);

  private final BiFunction<EventTopic, JsonObject, JsonObject> publicly;
  private final Set<EventStream> streams = new HashSet<>();
  private @Nullable String newest;
  private boolean leaving;

  /**
   * @param publicly what the API shows of what the database says
   */
  public EventHub(BiFunction<EventTopic, JsonObject, JsonObject> publicly) {
    this.publicly = publicly;
  }

  /** What becomes of a stream that asks to be taken in. */
  enum Admission {
    TAKEN,
    /** The node has as many as it may, or leaves. */
    NODE_FULL,
    /** Its reader has as many as one may. */
    READER_FULL
  }

  /** Takes a stream in where there is room for it, and tells it the newest figures. */
  synchronized Admission admit(EventStream stream) {
    if (leaving || streams.size() >= Limits.EVENT_STREAMS) {
      return Admission.NODE_FULL;
    }
    if (streams.stream().filter(other -> other.reader().equals(stream.reader())).count()
        >= Limits.EVENT_STREAMS_OF_ONE) {
      return Admission.READER_FULL;
    }
    streams.add(stream);
    if (newest != null) {
      stream.offer(EventTopic.NOW, newest);
    }
    return Admission.TAKEN;
  }

  synchronized void gone(EventStream stream) {
    streams.remove(stream);
  }

  /** Streams that are open. */
  public synchronized int open() {
    return streams.size();
  }

  /** Tells every stream that has asked for it. */
  public synchronized void publish(EventTopic topic, JsonObject data) {
    String event = EventStream.text(topic.text(), data);
    if (topic == EventTopic.NOW) {
      newest = event;
    }
    streams.forEach(stream -> stream.offer(topic, event));
  }

  /** What the database has notified of; null where that is no event. */
  public @Nullable EventTopic notice(String payload) {
    try {
      JsonObject event = new JsonObject(payload);
      EventTopic topic = EventTopic.parse(String.valueOf(event.remove("topic")));
      if (topic != null) {
        publish(topic, publicly.apply(topic, event));
        return topic;
      }
    } catch (DecodeException | ClassCastException notOurs) {
      LOG.debug("a notice that cannot be read", notOurs);
    }
    LOG.warn("somebody notifies of what is no event; consoles are not told");
    return null;
  }

  /** Notices may have been lost: who shows something reads it anew. */
  public synchronized void missed() {
    streams.forEach(stream -> stream.end(Why.BEHIND));
  }

  /** Ends all, and takes no more. */
  public synchronized void leave() {
    leaving = true;
    streams.forEach(stream -> stream.end(Why.LEAVING));
  }
}
