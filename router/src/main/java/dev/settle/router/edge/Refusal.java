package dev.settle.router.edge;

import dev.settle.router.platform.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a connection or a request was turned away: a closed list, each counted by its name. */
public enum Refusal {
  /** The node has as many connections as it may. */
  CONNECTIONS_OF_NODE,
  /** The caller's address has as many connections as one may. */
  CONNECTIONS_OF_ADDRESS,
  /** It does not begin with a PROXY header that can be read, where each has to. */
  PROXY_HEADER,
  /** Nothing was asked on it while the node was short of connections. */
  CROWDED_OUT,
  /** A request's head that does not come to its end. */
  SLOW_HEAD,
  /** A body, or a line of an upload, that does not come to its end. */
  SLOW_BODY,
  /** An answer that is not taken. */
  SLOW_READER,
  /** HTTP/2 frames that carry nothing, by the thousand. */
  FRAME_FLOOD,
  /** A head that is too long or has too many headers. */
  HEAD,
  /** A body that is too long. */
  BODY,
  /** A body that is compressed or otherwise encoded. */
  ENCODED_BODY,
  /** More calls in a second than a person makes. */
  PERSON_RATE,
  /** More transactions in a second than the acquirer may send. */
  ACQUIRER_RATE,
  /** More streams of events than the node, or one person, may have. */
  STREAMS,
  /** A fault of ours: a connection whose bounds could not be kept. */
  FAULT;

  /** As a metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a problem that refuses a request counts as; null where it is no limit that refuses. */
  static @Nullable Refusal of(Problem problem) {
    return switch (problem.code()) {
      case "request-too-slow", "line-too-slow" -> SLOW_BODY;
      case "uri-too-long", "headers-too-large", "too-many-headers" -> HEAD;
      case "body-too-large" -> BODY;
      case "encoded-body" -> ENCODED_BODY;
      case "too-many-streams", "too-many-own-streams" -> STREAMS;
      default -> null;
    };
  }
}
