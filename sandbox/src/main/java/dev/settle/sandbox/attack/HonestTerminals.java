package dev.settle.sandbox.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * Terminals that sell beside an attack, each on a connection of its own, one sale after the other
 * and no faster than it was told: a fixed offered load, and where answers come late, less.
 */
public final class HonestTerminals implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final Duration SLICE = Duration.ofMillis(100);

  private final Target target;
  private final IntFunction<String> sale;
  private final long pauseNanos;
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder sold = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * @param sale its JSON, by its number from 0; all different
   * @param perSecond sales offered by all of them together
   */
  public HonestTerminals(Target target, IntFunction<String> sale, int terminals, int perSecond) {
    this.target = target;
    this.sale = sale;
    this.pauseNanos = 1_000_000_000L * terminals / perSecond;
    for (int n = 0; n < terminals; n++) {
      Thread thread = new Thread(this::sell, "honest terminal " + n);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Sales accepted in a second, the median of slices of a tenth of a second. */
  public double rate(Duration time) throws InterruptedException {
    int slices = Math.max(1, (int) (time.toMillis() / SLICE.toMillis()));
    double[] rates = new double[slices];
    long from = System.nanoTime();
    long before = sold.sum();
    for (int n = 0; n < slices; n++) {
      Thread.sleep(SLICE.toMillis());
      long now = System.nanoTime();
      long count = sold.sum();
      rates[n] = (count - before) * 1e9 / (now - from);
      from = now;
      before = count;
    }
    Arrays.sort(rates);
    return rates[slices / 2];
  }

  /** Sales accepted so far. */
  public long sold() {
    return sold.sum();
  }

  /** Sales that were not accepted, or connections that were lost. */
  public long failed() {
    return failed.sum();
  }

  private void sell() {
    while (!stopped) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        sellOn(socket);
      } catch (IOException lost) {
        failed.increment();
      }
    }
  }

  private void sellOn(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    long due = System.nanoTime();
    while (!stopped) {
      out.write(request(next.getAndIncrement()));
      if (answer(in) == 201) {
        sold.increment();
      } else {
        failed.increment();
      }
      due = Math.max(due + pauseNanos, System.nanoTime() - pauseNanos);
      java.util.concurrent.locks.LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private byte[] request(int number) {
    String body = sale.apply(number);
    return ("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + target.terminalToken()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  private static int answer(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ")[1]);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).trim());
      }
    }
    in.readNBytes(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
