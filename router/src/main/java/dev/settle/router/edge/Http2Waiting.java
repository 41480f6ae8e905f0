package dev.settle.router.edge;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;

/** What HTTP/2 holds back because its reader has not made room for it. */
final class Http2Waiting {

  private Http2Waiting() {}

  /**
   * Whether a stream of this connection waits for its reader: Netty holds it back, or Vert.x does,
   * so that it is not over though its answer was given.
   *
   * @param open requests that are not over, or whose answer has not been given whole
   */
  static boolean on(ChannelPipeline pipeline, int open) {
    Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
    if (handler == null) {
      return false;
    }
    Http2Connection connection = handler.connection();
    if (connection.numActiveStreams() > open) {
      return true;
    }
    Http2RemoteFlowController flow = connection.remote().flowController();
    try {
      // It gives the first stream that the visitor stops at.
      return connection.forEachActiveStream(stream -> !flow.hasFlowControlled(stream)) != null;
    } catch (Http2Exception unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }
}
