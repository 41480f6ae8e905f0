package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Terminals that sell at random over several nodes, and send again, to any node, whatever was not
 * answered for sure.
 */
public final class Traffic {

  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int LARGEST_BULK = 60;

  private final List<Api> nodes;
  private final int merchants;
  private final long pauseMillis;
  private final AtomicInteger stans = new AtomicInteger(100_000);
  private final AtomicInteger repeated = new AtomicInteger();
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  private Traffic(List<Api> nodes, int merchants, long pauseMillis) {
    this.nodes = List.copyOf(nodes);
    this.merchants = merchants;
    this.pauseMillis = pauseMillis;
  }

  /** Starts terminals of merchants 1 to {@code merchants}, as many at once as asked. */
  public static Traffic start(
      List<Api> nodes, int merchants, int terminals, long pauseMillis, long seed) {
    Traffic traffic = new Traffic(nodes, merchants, pauseMillis);
    for (int t = 0; t < terminals; t++) {
      Random random = new Random(seed + t);
      Thread thread = new Thread(() -> traffic.play(random), "terminal-" + t);
      traffic.threads.add(thread);
      thread.start();
    }
    return traffic;
  }

  /** Ends when every sale has its answer; throws what went wrong. */
  public void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (!faults.isEmpty()) {
      throw new AssertionError("terminals saw what they should not", faults.peek());
    }
  }

  /** Sales made, each of them acknowledged once {@link #stop} has returned. */
  public int sales() {
    return stans.get() - 100_000;
  }

  /** Sales that had to be sent again. */
  public int repeated() {
    return repeated.get();
  }

  private void play(Random random) {
    try {
      while (!stopping) {
        int size = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(LARGEST_BULK);
        List<String> sales = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          sales.add(Documents.saleJson(1 + random.nextInt(merchants), stans.getAndIncrement()));
        }
        sellAll(sales, random);
        Thread.sleep(pauseMillis);
      }
    } catch (Throwable fault) {
      faults.add(fault);
    }
  }

  private void sellAll(List<String> sales, Random random) throws InterruptedException {
    long giveUp = System.nanoTime() + GIVE_UP_NANOS;
    List<String> open = sales;
    while (!open.isEmpty()) {
      open = unanswered(open, nodes.get(random.nextInt(nodes.size())));
      if (!open.isEmpty()) {
        repeated.addAndGet(open.size());
        if (System.nanoTime() > giveUp) {
          throw new AssertionError(open.size() + " sales were never answered for sure");
        }
        Thread.sleep(20);
      }
    }
  }

  private static List<String> unanswered(List<String> sales, Api node) {
    try {
      return sales.size() == 1 ? single(sales, node) : bulk(sales, node);
    } catch (UncheckedIOException cut) {
      return sales;
    }
  }

  private static List<String> single(List<String> sales, Api node) {
    Api.Answer answer = node.sell(sales.get(0));
    if (answer.status() == 503) {
      return sales;
    }
    if (answer.status() != 201 && answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return List.of();
  }

  private static List<String> bulk(List<String> sales, Api node) {
    List<String> open = new ArrayList<>();
    for (JsonNode line : node.sellBulk(sales)) {
      switch (line.path("outcome").asText()) {
        case "ACCEPTED", "REPLAYED" -> {}
        case "UNCERTAIN" -> open.add(sales.get(line.path("line").asInt() - 1));
        default -> throw new AssertionError(line.toString());
      }
    }
    return open;
  }
}
