package dev.settle.router.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a listening socket hands on what it has accepted: the first place at which a
 * connection can be counted, before it costs anything. A port without a {@link Door}, as the
 * cluster's, is open to whoever reaches it.
 */
@Sharable
public final class Doors extends ChannelInboundHandlerAdapter {

  private final Map<Integer, Door> byPort = new ConcurrentHashMap<>();

  /** Puts a door before a port, for connections that come from now on. */
  public void put(int port, Door door) {
    byPort.put(port, door);
  }

  @Override
  public void channelRead(ChannelHandlerContext listening, Object accepted) {
    Door door = door(listening.channel());
    if (door == null
        || !(accepted instanceof Channel connection)
        || door.letIn(connection, listening.channel().eventLoop())) {
      listening.fireChannelRead(accepted);
    }
  }

  private @Nullable Door door(Channel listening) {
    return listening.localAddress() instanceof InetSocketAddress here
        ? byPort.get(here.getPort())
        : null;
  }
}
