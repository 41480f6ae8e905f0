package dev.settle.router.edge;

import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every bound that a caller can meet, for docs/operating/limits.md. */
enum CallerBound {
  NODE_CONNECTIONS(
      "connections to a node",
      CallerLimits.DEFAULT.connections() + ", fewer when it may open fewer files",
      "503 `too-many-connections`, closed",
      "`settle.connections`",
      Refusal.CONNECTIONS_OF_NODE),
  ADDRESS_CONNECTIONS(
      "of these, from one IPv4 address or IPv6 network of 64 bits",
      String.valueOf(CallerLimits.DEFAULT.connectionsOfOne()),
      "503 `too-many-own-connections`, closed",
      "`settle.connections.per.address`",
      Refusal.CONNECTIONS_OF_ADDRESS),
  PROXY_TIME(
      "behind a load balancer (`settle.proxy.protocol`): the PROXY header, "
          + bytes(Limits.PROXY_HEADER_BYTES)
          + " at most, from the connection's beginning to its last byte",
      text(Limits.PROXY_HEADER),
      "closed, as for one that cannot be read, or none",
      "`PROXY_HEADER`, `PROXY_HEADER_BYTES`",
      Refusal.PROXY_HEADER),
  IDLE(
      "a connection on which nothing is asked",
      text(Limits.CONNECTION_IDLE),
      "closed, whatever bytes came on it",
      "`CONNECTION_IDLE`",
      null),
  CROWDED(
      "the same, while a node has three quarters of its connections",
      text(Limits.CONNECTION_IDLE_CROWDED),
      "closed",
      "`CONNECTION_IDLE_CROWDED`",
      Refusal.CROWDED_OUT),
  HEAD_TIME(
      "from a head's first byte to its last (HTTP/1)",
      text(Limits.REQUEST_HEAD),
      "408 `request-too-slow`, closed",
      "`REQUEST_HEAD`",
      Refusal.SLOW_HEAD),
  FIRST_LINE(
      "a request's first line",
      bytes(Limits.REQUEST_LINE_BYTES),
      "414 `uri-too-long`, closed",
      "`REQUEST_LINE_BYTES`",
      Refusal.HEAD),
  HEAD(
      "a request's headers",
      bytes(Limits.HEADER_BYTES),
      "431 `headers-too-large`, closed; HTTP/2: 431 without a body, or GOAWAY",
      "`HEADER_BYTES`",
      Refusal.HEAD),
  HEADERS(
      "their number",
      String.valueOf(Limits.HEADERS),
      "431 `too-many-headers`",
      "`HEADERS`",
      Refusal.HEAD),
  BODY_TIME(
      "from a head to the end of its body, uploads apart",
      text(Limits.REQUEST_BODY),
      "408 `request-too-slow`, then closed",
      "`REQUEST_BODY`",
      Refusal.SLOW_BODY),
  LINE_TIME(
      "from the first piece of an upload's line to its end",
      text(Limits.UPLOAD_LINE),
      "408 `line-too-slow`, or a last line that says so; closed",
      "`UPLOAD_LINE`",
      Refusal.SLOW_BODY),
  UPLOAD_SILENCE(
      "an upload of which nothing comes",
      text(Limits.UPLOAD_SILENCE),
      "the same",
      "`UPLOAD_SILENCE`",
      Refusal.SLOW_BODY),
  READER(
      "an answer that waits for its reader for " + text(Limits.ANSWER_UNREAD),
      "less than " + Limits.ANSWER_BYTES_PER_SECOND + " bytes a second taken",
      "closed",
      "`ANSWER_UNREAD`",
      Refusal.SLOW_READER),
  TRANSACTION(
      "a sale, or any other document",
      bytes(Limits.TRANSACTION_BYTES),
      "413 `body-too-large`",
      "`TRANSACTION_BYTES`, `BODY_BYTES`",
      Refusal.BODY),
  MERCHANT(
      "a merchant",
      bytes(Limits.MERCHANT_BYTES),
      "413 `body-too-large`",
      "`MERCHANT_BYTES`",
      Refusal.BODY),
  NOTIFICATION(
      "a bank's notification",
      bytes(Limits.NOTIFICATION_BYTES),
      "413 `body-too-large`",
      "`NOTIFICATION_BYTES`",
      Refusal.BODY),
  LINE(
      "a line of an upload; of lines there may be any number",
      bytes(Limits.LINE_BYTES),
      "413 `line-too-long`, for that line alone",
      "`LINE_BYTES`",
      null),
  DISCARDED(
      "what is read on of a body that was refused, so that its sender hears it",
      bytes(Limits.DISCARDED_BYTES),
      "closed",
      "`DISCARDED_BYTES`",
      null),
  ENCODED(
      "a body with Content-Encoding, on any route: nothing is ever unpacked",
      "none",
      "415 `encoded-body`, with `Accept-Encoding: identity`",
      "–",
      Refusal.ENCODED_BODY),
  MEDIA_TYPE(
      "a body that says that it is something else than the route takes",
      "none",
      "415 `unsupported-media-type`",
      "–",
      null),
  JSON(
      "depth, names, numbers and number of values of JSON",
      "more than any document here has",
      "400 `malformed-json`, 422 for what is known to be too long",
      "`JsonDocument`, `TransactionReader`",
      null),
  STREAMS(
      "requests open at once on one HTTP/2 connection",
      String.valueOf(Limits.HTTP2_STREAMS),
      "RST_STREAM (REFUSED_STREAM)",
      "`HTTP2_STREAMS`",
      null),
  FRAMES(
      "HTTP/2 frames that carry nothing of a request (PING, SETTINGS, PRIORITY, "
          + "CONTINUATION, empty DATA, unknown ones), in "
          + text(Limits.HTTP2_FRAMES_WINDOW),
      String.valueOf(Limits.HTTP2_IDLE_FRAMES),
      "GOAWAY (ENHANCE_YOUR_CALM), closed",
      "`HTTP2_IDLE_FRAMES`",
      Refusal.FRAME_FLOOD),
  RESETS(
      "RST_STREAM frames, in " + text(Limits.HTTP2_FRAMES_WINDOW),
      String.valueOf(Limits.HTTP2_RESETS),
      "GOAWAY (ENHANCE_YOUR_CALM), closed",
      "`HTTP2_RESETS`",
      Refusal.FRAME_FLOOD),
  WINDOW_UPDATES(
      "WINDOW_UPDATE frames, in " + text(Limits.HTTP2_FRAMES_WINDOW),
      String.valueOf(Limits.HTTP2_WINDOW_UPDATES),
      "GOAWAY (ENHANCE_YOUR_CALM), closed",
      "`HTTP2_WINDOW_UPDATES`",
      Refusal.FRAME_FLOOD),
  CARD_CHANGES(
      "applications for a card change of one merchant, in 24 hours",
      String.valueOf(CardChangeSettings.DEFAULT.perDay()),
      "429 `card-change-limit`",
      "`settle.card.change.per.day`",
      null),
  PERSON_RATE(
      "calls of one person to a node, a second; " + Limits.RATE_BURST + " seconds' worth at once",
      String.valueOf(CallerLimits.DEFAULT.personPerSecond()),
      "429 `rate-limited`, before the body, unless that is signed",
      "`settle.rate.person.per.second`",
      Refusal.PERSON_RATE),
  ACQUIRER_RATE(
      "transactions of one acquirer to a node, a second; "
          + Limits.RATE_BURST
          + " seconds' worth at once",
      "no bound unless it is set",
      "429 `rate-limited`, before the body, unless that is signed; an upload that has begun waits",
      "`settle.rate.acquirer.per.second`",
      Refusal.ACQUIRER_RATE),
  EVENT_STREAMS(
      "streams of events of a node",
      String.valueOf(Limits.EVENT_STREAMS),
      "503 `too-many-streams`",
      "`EVENT_STREAMS`",
      Refusal.STREAMS),
  OWN_STREAMS(
      "of these, of one person",
      String.valueOf(Limits.EVENT_STREAMS_OF_ONE),
      "429 `too-many-own-streams`",
      "`EVENT_STREAMS_OF_ONE`",
      Refusal.STREAMS),
  STREAM_READER(
      "a stream's reader who takes nothing",
      text(Limits.EVENT_STREAM_STUCK),
      "closed",
      "`EVENT_STREAM_STUCK`",
      null),
  QUEUE(
      "transactions that wait for a commit, for each event loop",
      String.valueOf(Limits.RECORD_QUEUE),
      "503 `busy`, before the body",
      "`RECORD_QUEUE`",
      null),
  UPLOADS(
      "uploads that wait for room, for each event loop",
      String.valueOf(Limits.BULK_WAITING),
      "503 `busy`, before the body",
      "`BULK_WAITING`",
      null),
  SIGNED_UPLOAD(
      "an upload that is signed: it is held until its digest is known to be right",
      bytes(Limits.SIGNED_BULK_BYTES),
      "413 `body-too-large`",
      "`SIGNED_BULK_BYTES`",
      Refusal.BODY),
  SIGNED_UPLOADS(
      "such uploads that are held, for each event loop",
      String.valueOf(Limits.SIGNED_BULKS),
      "503 `signed-uploads-busy`, before the body",
      "`SIGNED_BULKS`",
      null),
  SIGNATURES(
      "signed requests of a node, in " + text(Limits.SIGNATURE_WINDOW.multipliedBy(2)),
      String.valueOf(Limits.SIGNATURE_PLACES / 4 * 3),
      "503 `signatures-full`, before the body",
      "`SIGNATURE_PLACES`",
      null),
  TERMINALS(
      "terminals of a merchant",
      String.valueOf(Limits.MERCHANT_TERMINALS),
      "409 `terminal-limit`",
      "`MERCHANT_TERMINALS`",
      null),
  WEBHOOKS(
      "webhooks of one merchant or acquirer",
      String.valueOf(Limits.WEBHOOKS_OF_ONE),
      "409 `webhook-limit`",
      "`WEBHOOKS_OF_ONE`",
      null),
  WEBHOOK_EVENTS(
      "events that wait for one receiver",
      String.valueOf(Limits.WEBHOOK_BACKLOG),
      "it is paused; 409 `webhook-backlog` for a test event",
      "`WEBHOOK_BACKLOG`",
      null),
  READS(
      "reads that wait for the database",
      String.valueOf(Limits.READ_QUEUE),
      "503 `busy`",
      "`READ_QUEUE`",
      null),
  READ_TIME(
      "how long one read may take",
      text(Limits.READ_ANSWER),
      "503 `read-too-slow`",
      "`READ_ANSWER`",
      null),
  MANAGEMENT(
      "connections to the management port",
      String.valueOf(Limits.MANAGEMENT_CONNECTIONS),
      "503 `too-many-connections`, closed",
      "`MANAGEMENT_CONNECTIONS`",
      Refusal.CONNECTIONS_OF_NODE),
  FAULT(
      "a connection whose bounds we could not look at, by a fault of ours (the log has it)",
      "none",
      "closed",
      "–",
      Refusal.FAULT);

  private final String what;
  private final String bound;
  private final String heard;
  private final String where;
  private final @Nullable Refusal counted;

  CallerBound(String what, String bound, String heard, String where, @Nullable Refusal counted) {
    this.what = what;
    this.bound = bound;
    this.heard = heard;
    this.where = where;
    this.counted = counted;
  }

  @Nullable Refusal counted() {
    return counted;
  }

  /** The constants of {@link Limits} that it names. */
  String where() {
    return where;
  }

  String row() {
    return String.format(
        "| %s | %s | %s | %s | %s |%n",
        what, bound, heard, where, counted == null ? "" : "`" + counted.label() + "`");
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + " s";
  }

  private static String bytes(int bytes) {
    return bytes >= 1024 * 1024 ? bytes / (1024 * 1024) + " MiB" : bytes / 1024 + " KiB";
  }
}
