package dev.settle.demo.story;

import dev.settle.demo.node.NodeClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Plays stories at a steady pace until the curtain falls, each on a thread of its own, and brings
 * what is open then to its end within {@link #ENCORE}. Merchants that a killed run left in the
 * middle of a story come first. Its public methods belong to one thread; the plan is guarded by
 * itself.
 */
public final class StoryDirector {

  /** How long open stories have after the last sale. */
  public static final Duration ENCORE = Duration.ofSeconds(15);

  /** Failures that are put up with; after them no story begins. */
  static final int FAILURES = 10;

  private static final Duration PACE = Duration.ofSeconds(2);
  private static final Duration FIRST = Duration.ofMillis(500);

  /** A call that is under way when time is up may still take this long. */
  private static final Duration LAST_CALL = Duration.ofSeconds(3);

  /**
   * What to play.
   *
   * @param ports where the nodes' public API listens on the loopback interface
   * @param merchants how many there are, from number 1
   * @param seed for everything that is left to chance
   * @param journal the file that survives the run
   */
  public record Repertoire(
      List<Integer> ports, Cast cast, int merchants, long seed, Path journal) {}

  private final Consumer<String> report;
  private final Curtain curtain = new Curtain();
  private final StoryCounts counts = new StoryCounts();
  private final StoryJournal journal;
  private final StoryPlan plan;
  private final Scripts scripts;
  private final Set<String> open = new TreeSet<>();
  private final ExecutorService stages = Executors.newCachedThreadPool(named("story"));
  private final Thread pacing = new Thread(this::keepPace, "stories");

  private StoryDirector(
      NodeClient client, Repertoire repertoire, StoryJournal journal, Consumer<String> report) {
    this.report = report;
    this.journal = journal;
    this.plan = new StoryPlan(repertoire.seed(), repertoire.merchants(), journal.applications());
    this.scripts =
        new Scripts(
            new RouterCalls(client, repertoire.ports(), repertoire.cast(), curtain), curtain);
    pacing.setDaemon(true);
  }

  /** Starts to play; failed stories are told to {@code report} as one line each. */
  public static StoryDirector start(
      NodeClient client, Repertoire repertoire, Consumer<String> report) throws IOException {
    StoryJournal journal = StoryJournal.open(repertoire.journal(), Clock.systemUTC());
    StoryDirector director = new StoryDirector(client, repertoire, journal, report);
    director.goOnWithWhatWasLeft();
    director.pacing.start();
    return director;
  }

  public StoryCounts counts() {
    return counts;
  }

  /** Begins no more stories and hurries the open ones; returns at once. */
  public void dropCurtain() {
    curtain.fall(ENCORE);
  }

  /** Waits until every story has ended, or is given up and counted as failed. */
  public void awaitEnd() throws InterruptedException {
    dropCurtain();
    pacing.join();
    stages.shutdown();
    if (!stages.awaitTermination(ENCORE.plus(LAST_CALL).toMillis(), TimeUnit.MILLISECONDS)) {
      for (String story : stillOpen()) {
        counts.failed(story + ": not ended within " + ENCORE.toSeconds() + " s");
      }
      stages.shutdownNow();
    }
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private void goOnWithWhatWasLeft() {
    for (int merchant : journal.leftOpen()) {
      synchronized (plan) {
        plan.reserve(merchant);
      }
      String story = "a story of merchant " + merchant + " in an earlier run";
      stages.execute(() -> perform(story, merchant, () -> scripts.restore(merchant)));
    }
  }

  private void keepPace() {
    try {
      curtain.pause(FIRST);
      while (!curtain.isFalling() && counts.failures() < FAILURES) {
        Optional<StoryOrder> next;
        synchronized (plan) {
          next = plan.next();
        }
        next.ifPresent(order -> stages.execute(() -> play(order)));
        curtain.pause(PACE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void play(StoryOrder order) {
    String story = order.kind().text() + " of merchant " + order.merchant();
    perform(
        story,
        order.merchant(),
        () -> {
          journal.begin(order);
          scripts.play(order);
          counts.played(order.kind());
        });
  }

  /** Plays one script; one that breaks off is made good, so that its merchant is paid again. */
  private void perform(String story, int merchant, Script script) {
    setOpen(story, true);
    try {
      try {
        script.play();
      } catch (StoryFailure | IOException | RuntimeException broken) {
        fail(story, broken);
        scripts.restore(merchant);
      }
      journal.end(merchant);
    } catch (StoryFailure | IOException | RuntimeException broken) {
      fail(story + ", which could not be brought to a good end", broken);
    } catch (InterruptedException timeIsUp) {
      Thread.currentThread().interrupt();
    } finally {
      setOpen(story, false);
      synchronized (plan) {
        plan.ended(merchant);
      }
    }
  }

  private void fail(String story, Exception broken) {
    String what =
        story + ": " + (broken instanceof StoryFailure ? broken.getMessage() : broken.toString());
    counts.failed(what);
    report.accept("A story failed: " + what);
  }

  private void setOpen(String story, boolean isOpen) {
    synchronized (open) {
      if (isOpen) {
        open.add(story);
      } else {
        open.remove(story);
      }
    }
  }

  private Set<String> stillOpen() {
    synchronized (open) {
      return new TreeSet<>(open);
    }
  }

  /** What a story does. */
  @FunctionalInterface
  private interface Script {
    void play() throws StoryFailure, IOException, InterruptedException;
  }
}
