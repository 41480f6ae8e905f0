package dev.settle.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Ctrl-C, SIGTERM and a closed terminal, as something that the supervisor looks at between its
 * steps. A shutdown hook would not do: hooks of libraries (the embedded database has one) run
 * beside each other, and the database must go last. The first signal asks for an orderly end, the
 * second for one that waits for nothing, the third ends the process where it stands.
 */
final class StopSignal {

  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch second = new CountDownLatch(1);

  /**
   * Takes the signals over for the rest of the process. A signal that this process was started to
   * ignore stays ignored.
   */
  static StopSignal install() {
    StopSignal stop = new StopSignal();
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      Signal.handle(new Signal(name), signal -> stop.raise());
    }
    return stop;
  }

  private synchronized void raise() {
    if (second.getCount() == 0) {
      Runtime.getRuntime().halt(1);
    }
    (first.getCount() > 0 ? first : second).countDown();
  }

  /** Whether an end was asked for. */
  boolean raised() {
    return first.getCount() == 0;
  }

  /** Whether it was asked for twice. */
  boolean hurried() {
    return second.getCount() == 0;
  }

  /** Waits for at most {@code time}; true as soon as an end is asked for. */
  boolean await(Duration time) throws InterruptedException {
    return first.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for at most {@code time}; true as soon as an end is asked for twice. */
  boolean awaitHurry(Duration time) throws InterruptedException {
    return second.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
