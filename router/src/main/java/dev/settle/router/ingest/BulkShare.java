package dev.settle.router.ingest;

import dev.settle.router.credit.Receipt;
import dev.settle.router.credit.Recorder;
import dev.settle.router.platform.Limits;
import dev.settle.router.transaction.Transaction;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The part of a recorder's queue that uploads may fill. However many of them come, a single sale
 * finds a place in it and waits for a few commits; and uploads that have begun are finished, by
 * turns, before others begin: beyond what can be recorded in time, shared among ever more of them,
 * none would be answered in time.
 *
 * <p>Belongs to one event loop; there is one for each.
 */
final class BulkShare {

  private final Context context;
  private final Recorder recorder;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int lines;
  private boolean resumeScheduled;

  BulkShare(Vertx vertx, Recorder recorder) {
    this.context = vertx.getOrCreateContext();
    this.recorder = recorder;
  }

  /** Whether an upload that has not begun is to come again later. */
  boolean isBusy() {
    return recorder.isFull() || waiting.size() >= Limits.BULK_WAITING;
  }

  /** Whether a line may be offered; when not, {@code resume} is called once when it may. */
  boolean hasRoom(Runnable resume) {
    if (lines >= Limits.BULK_LINES) {
      waiting.add(resume);
      return false;
    }
    if (recorder.isFull()) {
      recorder.whenRoom(resume);
      return false;
    }
    return true;
  }

  /** Queues a transaction for which there is room. */
  void offer(Transaction transaction, Consumer<Receipt> receiver) {
    if (!recorder.offer(transaction, receipt -> answered(receiver, receipt))) {
      throw new IllegalStateException("offered without room");
    }
    lines++;
  }

  private void answered(Consumer<Receipt> receiver, Receipt receipt) {
    lines--;
    if (!resumeScheduled && !waiting.isEmpty()) {
      resumeScheduled = true;
      context.runOnContext(turn -> resume());
    }
    receiver.accept(receipt);
  }

  private void resume() {
    resumeScheduled = false;
    while (lines < Limits.BULK_LINES && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }
}
