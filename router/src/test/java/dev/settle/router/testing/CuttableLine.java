package dev.settle.router.testing;

import dev.settle.sandbox.net.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP line to a server that a test can cut: the server is as good as gone, connections break and
 * new ones are refused. It can also go deaf: what is sent arrives, and no answer comes back.
 */
public final class CuttableLine implements AutoCloseable {

  private final String host;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final InetSocketAddress address;
  private volatile boolean deaf;
  private ServerSocket listening;
  private Thread accepting;

  public CuttableLine(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.listening = new ServerSocket();
    listening.bind(new InetSocketAddress("127.0.0.1", FreePort.any()));
    this.address = (InetSocketAddress) listening.getLocalSocketAddress();
    this.accepting = accept(listening);
  }

  public int port() {
    return address.getPort();
  }

  /** From now on answers are lost, on connections that are open. */
  public void goDeaf() {
    deaf = true;
  }

  public void cut() throws IOException {
    listening.close();
    // Who waits in accept() keeps the port until it has woken.
    join(accepting);
    for (Socket socket : open) {
      socket.close();
    }
  }

  public void restore() throws IOException {
    deaf = false;
    listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(address);
    accepting = accept(listening);
  }

  private Thread accept(ServerSocket from) {
    return start(
        () -> {
          while (!from.isClosed()) {
            Socket client = from.accept();
            Socket server = new Socket(host, port);
            open.add(client);
            open.add(server);
            start(() -> pump(client, server, false));
            start(() -> pump(server, client, true));
          }
        });
  }

  private void pump(Socket from, Socket to, boolean answers) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[16 * 1024];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (!(answers && deaf)) {
          out.write(piece, 0, count);
        }
      }
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** Ends with its sockets. */
  private interface Work {
    void run() throws IOException;
  }

  private static Thread start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException cut) {
                // That is what this line is for; whoever talks over it sees it, too.
              }
            },
            "cuttable-line");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void join(Thread thread) throws InterruptedIOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
