package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Tells a connection that is turned away why, and closes it a moment later: closed at once, with
 * what it has sent unread, its kernel would throw the answer away.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

  private final RawAnswer answer;

  Farewell(RawAnswer answer) {
    this.answer = answer;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    tell(context);
  }

  /** At once: for a connection that is active already. */
  void tell(ChannelHandlerContext context) {
    Channel channel = context.channel();
    context
        .writeAndFlush(answer.buffer())
        .addListener(
            written -> {
              if (channel instanceof DuplexChannel both) {
                both.shutdownOutput();
              }
            });
    context
        .executor()
        .schedule(() -> channel.close(), Limits.TOLD.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable lost) {
    context.close();
  }
}
