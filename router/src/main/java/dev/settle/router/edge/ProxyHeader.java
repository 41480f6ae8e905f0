package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a connection that begins with a PROXY header. Vert.x reads the header, and takes
 * the address in it for the caller's wherever it is asked for one; here the connection is counted
 * to that address before anything behind the header is looked at, and one whose header is none, or
 * too long, is closed. The {@link ConnectionGuard} comes behind the header, where bytes are the
 * caller's own; how long the header may take is its business as well.
 *
 * <p>Belongs to the event loop of its connection.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

  static final String NAME = "proxy header";

  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

  private final Door door;
  private int bytes;
  private boolean come;
  private boolean refused;

  ProxyHeader(Door door) {
    this.door = door;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    ChannelHandlerContext decoder = pipeline.context(HAProxyMessageDecoder.class);
    if (decoder == null) {
      // Taken as it is, everybody would be whoever stands in front, and bounded by nothing.
      LOG.error("nobody reads PROXY headers on this port; the connection is closed");
      door.turnedAway(Refusal.FAULT);
      context.close();
      return;
    }
    pipeline.addAfter(decoder.name(), ConnectionGuard.NAME, new ConnectionGuard(door, true));
    pipeline.addAfter(decoder.name(), Claim.NAME, new Claim());
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf some) {
      bytes += some.readableBytes();
    }
    context.fireChannelRead(message);
    if (come) {
      leave(context);
    } else if (bytes > Limits.PROXY_HEADER_BYTES && context.channel().isOpen()) {
      refuse(context);
    }
  }

  /** What comes from now on is for others. */
  private static void leave(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      context.pipeline().remove(context.handler());
    }
  }

  private void refuse(ChannelHandlerContext context) {
    // What cannot be read is not read any better when the line ends.
    if (!refused) {
      refused = true;
      door.turnedAway(Refusal.PROXY_HEADER);
    }
    context.close();
  }

  /**
   * Whose the connection is; null: nobody's who has an address of the internet. Without one in it
   * the header speaks of the connection itself: so load balancers ask whether we are there.
   */
  private static @Nullable InetAddress caller(Channel connection, HAProxyMessage header) {
    HAProxyProxiedProtocol protocol = header.proxiedProtocol();
    if (protocol == HAProxyProxiedProtocol.UNKNOWN) {
      return Door.address(connection);
    }
    if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
      return null;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
    try {
      return address == null ? null : InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("every address has 4 or 16 bytes", e);
    }
  }

  /** Behind what reads the header, and before what acts on it. */
  private final class Claim extends ChannelInboundHandlerAdapter {

    static final String NAME = "claim";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HAProxyMessage header) {
        come = true;
        take(context, header);
      } else {
        context.fireChannelRead(message);
      }
    }

    private void take(ChannelHandlerContext context, HAProxyMessage header) {
      InetAddress from = caller(context.channel(), header);
      Refusal no = from == null ? Refusal.PROXY_HEADER : door.claim(context.channel(), from);
      if (no == null) {
        context.fireChannelRead(header);
        leave(context);
        return;
      }
      header.release();
      if (no == Refusal.PROXY_HEADER) {
        refuse(context);
      } else {
        turnAway(context, no);
      }
    }

    private void turnAway(ChannelHandlerContext context, Refusal why) {
      Farewell farewell = door.turnAway(context.channel(), why);
      if (farewell == null) {
        context.close();
      } else {
        // In its place: what comes behind the header is read by nobody.
        context.pipeline().replace(this, "farewell", farewell);
        farewell.tell(context.pipeline().context(farewell));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      if (failure instanceof HAProxyProtocolException) {
        refuse(context);
      } else {
        context.fireExceptionCaught(failure);
      }
    }
  }
}
