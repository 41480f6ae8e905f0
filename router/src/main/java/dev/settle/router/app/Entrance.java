package dev.settle.router.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.settle.router.edge.Door;
import dev.settle.router.edge.Doors;
import dev.settle.router.edge.EdgeMetrics;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.Limits;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports of a node, with a door before each, and what its servers take of one connection. */
final class Entrance {

  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  private final Doors doors;
  private final boolean behindProxy;
  private final Door callers;
  private final Door management;

  /**
   * @param behindProxy whether each connection to the public API begins with a PROXY header
   */
  Entrance(Doors doors, CallerLimits limits, boolean behindProxy, EdgeMetrics metrics) {
    this.doors = doors;
    this.behindProxy = behindProxy;
    this.callers =
        new Door(
            withinDescriptors(limits.connections()),
            limits.connectionsOfOne(),
            behindProxy,
            metrics);
    this.management =
        new Door(Limits.MANAGEMENT_CONNECTIONS, Limits.MANAGEMENT_CONNECTIONS, false, metrics);
  }

  /** What the system lets a process open is a bound as well, and one that hurts more. */
  private static int withinDescriptors(int wanted) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long most = system.getMaxFileDescriptorCount() - Limits.OTHER_DESCRIPTORS;
      if (most < wanted) {
        int fewer = (int) Math.max(1, most);
        LOG.warn(
            "this process may open {} files: connections are bounded by {} and not by {}; raise it with ulimit -n",
            system.getMaxFileDescriptorCount(),
            fewer,
            wanted);
        return fewer;
      }
    }
    return wanted;
  }

  /** The public API is on this port. */
  void open(int port) {
    doors.put(port, callers);
  }

  /** Metrics and health are on this port. */
  void openManagement(int port) {
    doors.put(port, management);
  }

  int open() {
    return callers.open();
  }

  int most() {
    return callers.most();
  }

  /** What one connection to the public API may do. */
  HttpServerOptions publicOptions() {
    return serverOptions()
        .setUseProxyProtocol(behindProxy)
        // Of silence, behind the guard's own bound: that counts every byte of a header's time.
        .setProxyProtocolTimeout(2 * Limits.PROXY_HEADER.toSeconds())
        .setProxyProtocolTimeoutUnit(TimeUnit.SECONDS);
  }

  /** What one connection may do. */
  static HttpServerOptions serverOptions() {
    int window = (int) Limits.HTTP2_FRAMES_WINDOW.toSeconds();
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setSendBufferSize(Limits.SEND_BUFFER_BYTES)
        .setReuseAddress(true)
        .setAcceptBacklog(Limits.ACCEPT_BACKLOG)
        .setMaxInitialLineLength(Limits.REQUEST_LINE_BYTES)
        .setMaxHeaderSize(Limits.HEADER_BYTES)
        .setIdleTimeout((int) Limits.CONNECTION_IDLE.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setDecompressionSupported(false)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(Limits.HTTP2_STREAMS)
                .setMaxHeaderListSize(Limits.HEADER_BYTES))
        .setHttp2MaxSmallContinuationFrames(Limits.HTTP2_CONTINUATIONS)
        .setHttp2RstFloodMaxRstFramePerWindow(Limits.HTTP2_RESETS)
        .setHttp2RstFloodWindowDuration(window)
        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
        // There are none; their handler would look at every message.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }
}
