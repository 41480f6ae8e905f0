package dev.settle.load.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run that is told to end (Ctrl-C, SIGTERM) close what it has opened: its thread is
 * interrupted and waited for. Opened first and so closed last, by the thread that runs.
 */
public final class Unwinding implements AutoCloseable {

  /** Database, router and folder are gone within. */
  private static final long MINUTES = 2;

  private final CountDownLatch unwound = new CountDownLatch(1);
  private final Thread hook;

  private Unwinding(Thread run) {
    hook = new Thread(() -> unwind(run), "unwinding");
  }

  /** For what the calling thread opens from now on. */
  public static Unwinding ofThisThread() {
    Unwinding unwinding = new Unwinding(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(unwinding.hook);
    return unwinding;
  }

  private void unwind(Thread run) {
    run.interrupt();
    try {
      if (!unwound.await(MINUTES, TimeUnit.MINUTES)) {
        System.err.println("not everything could be ended: look for processes that are left");
      }
    } catch (InterruptedException now) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    unwound.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It runs, and goes on now.
    }
  }
}
