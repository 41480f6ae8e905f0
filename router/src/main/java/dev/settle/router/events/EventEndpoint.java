package dev.settle.router.events;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.access.Principal;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** {@code GET /v1/events}: what happens, until the caller's token expires. */
public final class EventEndpoint {

  private static final Problem FULL =
      new Problem(
          503,
          "too-many-streams",
          null,
          "This node has as many streams as it may; close one, or come again or to another node.");

  private static final Problem READER_FULL =
      new Problem(
          429,
          "too-many-own-streams",
          null,
          "You have as many streams at this node as one person may; close one, then come again.");

  private final Vertx vertx;
  private final EventHub hub;
  private final Clock clock;

  public EventEndpoint(Vertx vertx, EventHub hub, Clock clock) {
    this.vertx = vertx;
    this.hub = hub;
    this.clock = clock;
  }

  public void stream(RoutingContext call) {
    Set<EventTopic> topics;
    try {
      topics = EventTopic.read(call.queryParams().get("topics"));
    } catch (ProblemException refused) {
      refused.problem().answer(call.request());
      return;
    }
    Principal reader = AccessHandler.caller(call);
    EventStream stream =
        new EventStream(
            vertx, vertx.getOrCreateContext(), call.request(), reader.subject(), topics);
    switch (hub.admit(stream)) {
      case NODE_FULL -> FULL.answer(call.request());
      case READER_FULL -> READER_FULL.answer(call.request());
      case TAKEN -> {
        Duration valid = Duration.between(clock.instant(), reader.expiresAt());
        stream.start(valid, () -> hub.gone(stream));
      }
    }
  }
}
