package dev.settle.router.edge;

import dev.settle.router.platform.NdjsonExchange.Answer;
import dev.settle.router.platform.NdjsonExchange.LineHandler;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Lines that are taken no faster than tokens come into a bucket; meanwhile no more of the upload is
 * read. Belongs to one upload and its event loop.
 */
final class PacedLines implements LineHandler {

  private final Vertx vertx;
  private final Bucket bucket;
  private final LineHandler lines;

  /** The token that the call itself took, before anything was read, is the first line's. */
  private boolean paid = true;

  PacedLines(Vertx vertx, Bucket bucket, LineHandler lines) {
    this.vertx = vertx;
    this.bucket = bucket;
    this.lines = lines;
  }

  @Override
  public boolean take(byte[] bytes, int offset, int length, Answer answer, Runnable resume) {
    if (!paid) {
      ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        long millis = TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill()) + 1;
        vertx.setTimer(millis, refilled -> resume.run());
        return false;
      }
    }
    boolean taken = lines.take(bytes, offset, length, answer, resume);
    // A line for which there was no room comes again, and has its token.
    paid = !taken;
    return taken;
  }

  @Override
  public void tooLong(Answer answer) {
    lines.tooLong(answer);
  }

  @Override
  public boolean isBusy() {
    return lines.isBusy();
  }

  @Override
  public void refused() {
    lines.refused();
  }
}
