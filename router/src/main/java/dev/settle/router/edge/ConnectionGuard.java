package dev.settle.router.edge;

import dev.settle.router.edge.OpenRequests.Open;
import dev.settle.router.platform.CallerWatch;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection from its first byte, before anything else sees what it sends. A byte now
 * and then keeps no connection: what counts is that a head, a body, the taking of an answer come to
 * their end in time. What a request costs here is an addition for each read and write; everything
 * else is asked in a look each second, for which Vert.x knows already what it needs.
 *
 * <p>Belongs to the event loop of its connection.
 */
final class ConnectionGuard extends ChannelDuplexHandler implements CallerWatch {

  static final String NAME = "guard";

  private static final long NOT = Long.MIN_VALUE;

  private static final RawAnswer SLOW_HEAD =
      new RawAnswer(
          new Problem(
              408,
              "request-too-slow",
              null,
              "The request's head is to come within "
                  + Limits.REQUEST_HEAD.toSeconds()
                  + " seconds; send it again."));

  private static final Problem SLOW_BODY =
      new Problem(
          408,
          "request-too-slow",
          null,
          "The body is to come within "
              + Limits.REQUEST_BODY.toSeconds()
              + " seconds; send the same again"
              + Problem.SIGNED_ANEW);

  private final Door door;
  private final OpenRequests requests = new OpenRequests();
  private @Nullable FrameMeter frames = new FrameMeter();

  /** Where what the caller sends can be read, and answered: behind TLS, where that ends here. */
  private @Nullable ChannelHandlerContext line;

  private @Nullable Watch watch;
  private boolean headerIsDue;
  private boolean begunReading;
  private boolean over;
  private boolean http2;

  private long bytesIn;
  private long bytesOut;
  private int begun;

  // As of the last look.
  private int begunAtLook;
  private long bytesInAtRest;
  private long usefulNanos;
  private long headSinceNanos = NOT;
  private long unreadSinceNanos = NOT;
  private long takenAtUnread;

  /**
   * @param headerIsDue whether a PROXY header has to come first, which is read before this
   */
  ConnectionGuard(Door door, boolean headerIsDue) {
    this.door = door;
    this.headerIsDue = headerIsDue;
  }

  /** A request's head has come to its end. */
  static void begun(HttpServerRequest request) {
    if (CallerWatch.of(request) instanceof ConnectionGuard guard) {
      guard.begin(request);
    }
  }

  private void begin(HttpServerRequest request) {
    begun++;
    requests.add(request, watch == null ? System.nanoTime() : watch.nowNanos());
    if (!http2 && request.version() == HttpVersion.HTTP_2) {
      http2 = true;
      if (frames == null) {
        countBehindDecoder();
      }
    }
  }

  private void countBehindDecoder() {
    ChannelHandlerContext on = line;
    Http2ConnectionHandler handler =
        on == null ? null : on.pipeline().get(Http2ConnectionHandler.class);
    if (on != null && handler != null) {
      FrameMeter meter = new FrameMeter();
      Http2ConnectionDecoder decoder = handler.decoder();
      decoder.frameListener(
          new UpgradedFrames(decoder.frameListener(), meter, () -> counted(on, meter)));
    }
  }

  private void counted(ChannelHandlerContext on, FrameMeter meter) {
    meter.tick(watch == null ? 0 : watch.nowNanos());
    if (!over && !meter.isQuiet()) {
      flooded(on);
    }
  }

  @Override
  public void refused(Problem problem) {
    door.turnedAway(Refusal.of(problem));
  }

  @Override
  public void uploads(HttpServerRequest request) {
    requests.uploads(request);
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    line = active;
    watch = door.watchOf(active.channel().eventLoop());
    usefulNanos = System.nanoTime();
    active.channel().attr(KEY).set(this);
    watch.add(this);
    active.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    headerIsDue = false;
    // The header itself is none, and TLS is set up only behind it.
    if (!begunReading && message instanceof ByteBuf) {
      begunReading = true;
      goBehindTls(from);
    }
    if (from == line) {
      take(from, message);
    } else {
      from.fireChannelRead(message);
    }
  }

  private void goBehindTls(ChannelHandlerContext from) {
    ChannelHandlerContext tls = from.pipeline().context(SslHandler.class);
    if (tls != null) {
      from.pipeline().addAfter(tls.name(), Tap.NAME, new Tap());
      line = from.pipeline().context(Tap.NAME);
    }
  }

  /** What comes out of TLS. */
  private final class Tap extends ChannelInboundHandlerAdapter {

    static final String NAME = "guard behind TLS";

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      take(from, message);
    }
  }

  private void take(ChannelHandlerContext from, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes) {
      bytesIn += bytes.readableBytes();
      if (frames != null && !isQuiet(frames, bytes)) {
        ReferenceCountUtil.release(message);
        flooded(from);
        return;
      }
    }
    from.fireChannelRead(message);
  }

  private boolean isQuiet(FrameMeter meter, ByteBuf bytes) {
    boolean quiet = meter.take(bytes, watch == null ? 0 : watch.nowNanos());
    if (meter.isOther()) {
      frames = null;
      return true;
    }
    return quiet;
  }

  private void flooded(ChannelHandlerContext on) {
    over = true;
    door.turnedAway(Refusal.FRAME_FLOOD);
    on.writeAndFlush(GoAway.calmDown());
    // Closed at the next look: with what it has sent unread, its kernel would throw this away.
    on.channel().config().setAutoRead(false);
  }

  @Override
  public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      bytesOut += bytes.readableBytes();
    }
    to.write(message, promise);
  }

  /**
   * Looks at how it does.
   *
   * @param patience how long a connection may stay on which nothing is asked
   * @return false when it is closed
   */
  boolean look(long now, long patience) {
    ChannelHandlerContext on = line;
    if (on == null || !on.channel().isOpen()) {
      return false;
    }
    if (over) {
      // It was told, and takes nothing.
      on.close();
      return true;
    }
    if (headerIsDue) {
      lookForHeader(on, now);
      return true;
    }
    boolean busy = !requests.isEmpty();
    if (busy || begun != begunAtLook) {
      begunAtLook = begun;
      bytesInAtRest = bytesIn;
      usefulNanos = now;
      headSinceNanos = NOT;
    } else if (bytesIn != bytesInAtRest && headSinceNanos == NOT && !isHttp2()) {
      headSinceNanos = now;
    }
    if (isLate(headSinceNanos, Limits.REQUEST_HEAD, now)) {
      lateHead(on);
    } else if (!busy && now - usefulNanos > patience) {
      boolean crowded = patience < Limits.CONNECTION_IDLE.toNanos();
      door.turnedAway(crowded ? Refusal.CROWDED_OUT : null);
      cut(on);
    } else if (isUnread(on, now)) {
      door.turnedAway(Refusal.SLOW_READER);
      cut(on);
    } else if (busy) {
      lookAtBodies(on, now);
    }
    return true;
  }

  private void lookForHeader(ChannelHandlerContext on, long now) {
    if (isLate(usefulNanos, Limits.PROXY_HEADER, now)) {
      door.turnedAway(Refusal.PROXY_HEADER);
      cut(on);
    }
  }

  /** Closes a connection whose bounds cannot be kept. */
  void abandon() {
    if (line != null) {
      line.channel().close();
    }
  }

  private boolean isHttp2() {
    return http2 || (frames != null && frames.isHttp2());
  }

  private static boolean isLate(long sinceNanos, Duration bound, long now) {
    return sinceNanos != NOT && now - sinceNanos > bound.toNanos();
  }

  private void lateHead(ChannelHandlerContext on) {
    door.turnedAway(Refusal.SLOW_HEAD);
    over = true;
    on.writeAndFlush(SLOW_HEAD.buffer()).addListener(ChannelFutureListener.CLOSE);
  }

  private void cut(ChannelHandlerContext on) {
    over = true;
    on.close();
  }

  /** What was to be sent has been waiting for its reader, and he takes next to nothing. */
  private boolean isUnread(ChannelHandlerContext on, long now) {
    var out = on.channel().unsafe().outboundBuffer();
    long pending = out == null ? 0 : out.totalPendingWriteBytes();
    if (pending == 0 && !(isHttp2() && Http2Waiting.on(on.pipeline(), requests.size()))) {
      unreadSinceNanos = NOT;
      return false;
    }
    long taken = bytesOut - pending;
    if (unreadSinceNanos == NOT) {
      unreadSinceNanos = now;
      takenAtUnread = taken;
      return false;
    }
    if (!isLate(unreadSinceNanos, Limits.CONNECTION_LOOK.multipliedBy(2), now)) {
      // What the kernels on both sides swallow at first, nobody has read.
      takenAtUnread = taken;
      return false;
    }
    if (!isLate(unreadSinceNanos, Limits.ANSWER_UNREAD, now)) {
      return false;
    }
    boolean slow =
        taken - takenAtUnread < Limits.ANSWER_BYTES_PER_SECOND * Limits.ANSWER_UNREAD.toSeconds();
    unreadSinceNanos = now;
    takenAtUnread = taken;
    return slow;
  }

  private void lookAtBodies(ChannelHandlerContext on, long now) {
    for (Open open : requests.each()) {
      HttpServerRequest request = open.request();
      if (request.isEnded() || now - open.sinceNanos() < Limits.REQUEST_BODY.toNanos()) {
        continue;
      }
      if (request.response().ended()) {
        // It was answered, and what is left of it does not come.
        end(on, request);
      } else if (!open.isUpload() && !request.response().headWritten()) {
        SLOW_BODY.answer(request);
      }
    }
  }

  private void end(ChannelHandlerContext on, HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      cut(on);
    }
  }
}
