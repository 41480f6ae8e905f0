package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How long a caller waits for what it reads, and what it is told when that time is over. */
public final class ReadDeadline {

  private static final Problem TOO_SLOW =
      new Problem(
          503,
          "read-too-slow",
          null,
          "Reading this took too long and was given up; ask again after Retry-After seconds"
              + Problem.SIGNED_ANEW);

  /** PostgreSQL's query_canceled, which a statement time-out ends with. */
  private static final String QUERY_CANCELED = "57014";

  private ReadDeadline() {}

  /**
   * What {@code read} gives within {@link Limits#READ_ANSWER}. Fails with a {@link
   * ProblemException} of status 503 when that or {@link Limits#READ_STATEMENT} is over, or when too
   * many wait already; with {@code read}'s own failure otherwise.
   */
  public static <T extends @Nullable Object> Future<T> keep(Future<T> read) {
    return read.timeout(Limits.READ_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              Problem problem = problem(failure);
              return Future.failedFuture(problem == null ? failure : new ProblemException(problem));
            });
  }

  private static @Nullable Problem problem(Throwable failure) {
    if (failure instanceof ConnectionPoolTooBusyException) {
      return Problem.BUSY;
    }
    boolean late =
        failure instanceof TimeoutException
            || failure instanceof PgException refused
                && QUERY_CANCELED.equals(refused.getSqlState());
    return late ? TOO_SLOW : null;
  }
}
