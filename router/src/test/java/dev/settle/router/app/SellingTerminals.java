package dev.settle.router.app;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.World;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Three nodes behind a load balancer, and terminals that sell over it without a pause, while a test
 * does something to the nodes. What fails is written down.
 */
final class SellingTerminals {

  private static final int MERCHANTS = 20;
  private static final int TERMINALS = 4;
  private static final int NODES = 3;

  private final World world;
  private final List<Api> ready = new CopyOnWriteArrayList<>();
  private final List<Api> started = new CopyOnWriteArrayList<>();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger stans = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  SellingTerminals(World world) {
    this.world = world;
  }

  /** Starts the nodes, which say for two seconds that they are about to stop, and the selling. */
  void start() throws Exception {
    world.drainNotice(Duration.ofSeconds(2));
    for (int n = 0; n < NODES; n++) {
      started.add(world.startNode(1));
    }
    world.onboard(started.get(0), MERCHANTS);
    ready.addAll(started);
    also("balancer", this::balance);
    for (int t = 0; t < TERMINALS; t++) {
      int terminal = t;
      also("terminal-" + t, () -> sell(terminal));
    }
  }

  /** Does this in a thread of its own until {@link #finish}; it has to ask {@link #goesOn}. */
  void also(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    threads.add(thread);
    thread.start();
  }

  boolean goesOn() {
    return !over.get();
  }

  /** The nodes that get requests. */
  List<Api> ready() {
    return ready;
  }

  void failed(String how) {
    failed.add(how);
  }

  /** What failed until now. */
  Queue<String> failed() {
    return failed;
  }

  /** Sales that were answered. */
  int sold() {
    return stans.get();
  }

  /** Answers that closed their connection. */
  int closed() {
    return closed.get();
  }

  /** For each node: a new one is started, and when it is ready the old one is stopped. */
  void replaceEveryNode() throws Exception {
    for (int n = 0; n < NODES; n++) {
      Api next = world.startNode(1);
      started.add(next);
      Awaitility.await("the new node is ready").until(() -> ready.contains(next));
      world.stop(n);
      started.remove(0);
    }
  }

  /** The terminals go on until they have sold so many more. */
  void sellOn(int more) {
    int until = stans.get() + more;
    Awaitility.await("terminals sell").until(() -> stans.get() >= until);
  }

  /** Waits for the last answers. */
  void finish() throws InterruptedException {
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /**
   * As a load balancer does: what is not ready gets no new requests. It looks seldom enough that a
   * node which is about to leave is still asked for a while, and four times in a node's notice.
   */
  private void balance() {
    while (goesOn()) {
      for (Api node : started) {
        boolean isReady;
        try {
          isReady = node.getManagement("/health/ready").status() == 200;
        } catch (UncheckedIOException gone) {
          isReady = false;
        }
        if (!isReady) {
          ready.remove(node);
        } else if (!ready.contains(node)) {
          ready.add(node);
        }
      }
      pause(500);
    }
  }

  private void sell(int terminal) {
    for (int n = terminal; goesOn(); n++) {
      List<Api> now = List.copyOf(ready);
      int stan = stans.getAndIncrement();
      String sale = Documents.saleJson(1 + stan % MERCHANTS, stan);
      try {
        Api.Answer answer = now.get(n % now.size()).sell(sale);
        closed.addAndGet(answer.headers().containsKey("connection") ? 1 : 0);
        if (answer.status() != 201) {
          failed.add(answer.status() + " " + answer.body());
        }
      } catch (UncheckedIOException lost) {
        failed.add(String.valueOf(lost.getCause()));
      }
      pause(5);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
