package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A bank and a client of it, restartable on the same books. */
final class RunningBank implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Path books;
  private final UnaryOperator<BankOptions> options;
  private SandboxBank bank;
  private BankClient client;

  RunningBank(Path books) {
    this(books, options -> options);
  }

  RunningBank(Path books, UnaryOperator<BankOptions> options) {
    this.books = books;
    this.options = options;
    start();
  }

  private void start() {
    bank = await(SandboxBank.start(vertx, options.apply(BankOptions.of(0, books))));
    client = new BankClient(bank.port());
  }

  BankClient client() {
    return client;
  }

  int port() {
    return bank.port();
  }

  Future<SandboxBank> another() {
    return SandboxBank.start(vertx, 0, books);
  }

  void stop() {
    await(bank.close());
  }

  void restart() {
    stop();
    start();
  }

  void startAgain() {
    start();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
