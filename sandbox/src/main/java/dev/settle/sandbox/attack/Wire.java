package dev.settle.sandbox.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection of an attack, that never blocks once it is made. It listens only for how answers
 * begin, and tells {@link Heard}. Belongs to one thread.
 */
final class Wire implements AutoCloseable {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
  private static final int GO_AWAY = 7;
  private static final int FRAME_HEAD = 9;

  private final SocketChannel channel;
  private final Heard heard;
  private final ByteBuffer in = ByteBuffer.allocate(32 * 1024);
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private boolean open = true;

  /**
   * @param receiveBuffer bytes that the kernel keeps for who does not read, or 0 for as many as it
   *     likes
   */
  Wire(SocketAddress from, int port, int receiveBuffer, Heard heard) throws IOException {
    this.heard = heard;
    channel = SocketChannel.open();
    if (receiveBuffer > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    }
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(from);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  boolean isOpen() {
    return open;
  }

  /** Whether all that was to be sent so far has been taken. */
  boolean isReady() {
    return !unsent.hasRemaining();
  }

  /** Sends what it can; the rest follows with {@link #push}. */
  void send(byte[] bytes) {
    unsent = ByteBuffer.wrap(bytes);
    push();
  }

  void push() {
    try {
      if (open && unsent.hasRemaining()) {
        channel.write(unsent);
      }
    } catch (IOException reset) {
      ended("reset");
    }
  }

  /** Reads what is there. */
  void listen() {
    try {
      in.clear();
      int count = open ? channel.read(in) : 0;
      if (count < 0) {
        ended("closed");
      } else if (count > 0) {
        understand();
      }
    } catch (IOException reset) {
      ended("reset");
    }
  }

  private void understand() {
    String text = new String(in.array(), 0, in.position(), ISO_8859_1);
    Matcher statuses = STATUS.matcher(text);
    boolean any = false;
    while (statuses.find()) {
      any = true;
      heard.add(statuses.group(1));
    }
    if (!any && hasGoAway(text)) {
      heard.add("GOAWAY");
    }
  }

  /** Frames do not begin where reads do; the last one of a connection does in most cases. */
  private static boolean hasGoAway(String text) {
    for (int at = 0; at + FRAME_HEAD <= text.length(); ) {
      int length = text.charAt(at) << 16 | text.charAt(at + 1) << 8 | text.charAt(at + 2);
      if (text.charAt(at + 3) == GO_AWAY) {
        return true;
      }
      at += FRAME_HEAD + length;
    }
    return false;
  }

  private void ended(String how) {
    if (open) {
      heard.add(how);
      close();
    }
  }

  @Override
  public void close() {
    open = false;
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
