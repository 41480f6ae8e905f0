package dev.settle.load.growth;

import dev.settle.demo.node.NodeClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks for {@code /metrics} once a second while load is made, as a monitor does: how long it waits
 * then is what somebody who looks at a busy router waits.
 */
final class LoadedScrapes implements AutoCloseable {

  /** One that has no good answer counts as long as a monitor waits for it. */
  private static final double UNANSWERED_MILLIS = 10_000;

  private static final int OK = 200;

  private final NodeClient client = new NodeClient();
  private final int port;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Double> millis = new ArrayList<>();
  private final Thread thread = new Thread(this::ask, "scrapes");

  private LoadedScrapes(int port) {
    this.port = port;
    thread.setDaemon(true);
  }

  /**
   * Begins.
   *
   * @param port of the management of the router, on this machine
   */
  static LoadedScrapes begin(int port) {
    LoadedScrapes scrapes = new LoadedScrapes(port);
    scrapes.thread.start();
    return scrapes;
  }

  private void ask() {
    try {
      do {
        millis.add(one());
      } while (!over.await(1, TimeUnit.SECONDS));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private double one() throws InterruptedException {
    long from = System.nanoTime();
    try {
      boolean good = client.get(port, "/metrics").status() == OK;
      return good ? (System.nanoTime() - from) / 1e6 : UNANSWERED_MILLIS;
    } catch (IOException noAnswer) {
      return UNANSWERED_MILLIS;
    }
  }

  /** Ends, with the scrape that is on its way. */
  @Override
  public void close() throws InterruptedException {
    over.countDown();
    thread.join();
  }

  /** How long each took, in milliseconds, sorted; there is at least one. To be asked at the end. */
  List<Double> millis() {
    return millis.stream().sorted().toList();
  }
}
