package dev.settle.router.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Counts the frames of a connection that came to HTTP/2 by an upgrade, behind Netty's decoder:
 * where in its bytes HTTP/1 ends, only the decoder knows. What the decoder drops by itself, as
 * frames of streams that are closed, it does not see.
 */
final class UpgradedFrames extends Http2FrameListenerDecorator {

  private final FrameMeter meter;
  private final Runnable noted;

  /**
   * @param noted called after each frame that was counted
   */
  UpgradedFrames(Http2FrameListener inner, FrameMeter meter, Runnable noted) {
    super(inner);
    this.meter = meter;
    this.noted = noted;
  }

  private void note(int type, int flags, int length) {
    meter.note(type, flags, length);
    noted.run();
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last)
      throws Http2Exception {
    note(FrameMeter.DATA, last ? FrameMeter.END_STREAM : 0, data.readableBytes());
    return super.onDataRead(context, stream, data, padding, last);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    note(FrameMeter.PRIORITY, 0, 0);
    super.onPriorityRead(context, stream, dependency, weight, exclusive);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long error)
      throws Http2Exception {
    note(FrameMeter.RST_STREAM, 0, 0);
    super.onRstStreamRead(context, stream, error);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    note(FrameMeter.SETTINGS, 0, 0);
    super.onSettingsRead(context, settings);
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long content) throws Http2Exception {
    note(FrameMeter.PING, 0, 0);
    super.onPingRead(context, content);
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int more)
      throws Http2Exception {
    note(FrameMeter.WINDOW_UPDATE, 0, 0);
    super.onWindowUpdateRead(context, stream, more);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    note(Byte.toUnsignedInt(type), 0, 0);
    super.onUnknownFrame(context, type, stream, flags, payload);
  }
}
