package dev.settle.demo;

import dev.settle.router.app.ReconcileCommand;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Settings;
import dev.settle.sandbox.bank.SandboxBank;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code settle reconcile}: of a demo's data directory, by default the last one of this checkout,
 * or of the configured database and bank.
 */
@Command(
    name = "reconcile",
    description =
        "Compare our book with a bank's statement; every difference becomes a break. Exit 0: none, 1: some.")
final class DemoReconcileCommand extends ReconcileCommand {

  private static final int ANY_FREE_PORT = 0;
  private static final long BANK_SECONDS = 60;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "A demo's data directory: its database and its bank. Without it: what SETTLE_DATABASE_URL and "
              + "SETTLE_RAIL_SANDBOX_URL name, or else this checkout's last demo.")
  private @Nullable Path dataDirectory;

  @Override
  protected int open(Work work) throws Exception {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    Path directory = DemoDirectory.chosen(dataDirectory);
    if (directory == null) {
      return super.open(work);
    }
    return DemoDirectory.withDatabase(
        directory,
        (database, running) ->
            running
                ? work.with(books(directory, database, BankAddress.read(directory)))
                : withBank(directory, database, work));
  }

  /**
   * A bank that is not running is started on its books; it books nothing by itself but what is due.
   */
  private static int withBank(Path directory, DatabaseAddress database, Work work)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      SandboxBank bank =
          SandboxBank.start(vertx, ANY_FREE_PORT, WorkingDirectory.bankBooks(directory))
              .toCompletionStage()
              .toCompletableFuture()
              .get(BANK_SECONDS, TimeUnit.SECONDS);
      return work.with(books(directory, database, BankAddress.ofPort(bank.port())));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(BANK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Books books(Path directory, DatabaseAddress database, URI bank)
      throws IOException {
    return new Books(
        new Settings.Database(database.url(), database.user(), database.password()),
        DemoKeys.accountKeyset(directory),
        bank);
  }
}
