package dev.settle.router.app;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.reconciliation.CsvReport;
import dev.settle.router.reconciliation.JsonReport;
import dev.settle.router.reconciliation.Reconciliation;
import dev.settle.router.reconciliation.Report;
import dev.settle.router.reconciliation.TextReport;
import dev.settle.router.reconciliation.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code settle reconcile}: holds our book against a bank's statement. */
@Command(
    name = "reconcile",
    description =
        "Compare our book with a bank's statement; every difference becomes a break. Exit 0: none, 1: some.",
    mixinStandardHelpOptions = true)
public class ReconcileCommand implements Callable<Integer> {

  @Option(
      names = "--rail",
      required = true,
      paramLabel = "RAIL",
      description = "For example: sandbox.")
  private String rail = "";

  @Option(
      names = "--since",
      required = true,
      paramLabel = "TIME",
      converter = TimeOption.class,
      description = "What was booked or posted from then on, such as 2026-11-23T00:00:00Z.")
  private Instant since = Instant.EPOCH;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeOption.class,
      description = "What was booked or posted before then; without it: until now.")
  private @Nullable Instant until;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the differences as CSV as well.")
  private @Nullable Path csv;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Where both books are. */
  public record Books(Settings.Database database, Path accountKeyset, URI bank) {}

  /** What is done with them. */
  @FunctionalInterface
  protected interface Work {
    int with(Books books) throws Exception;
  }

  /** Finds the books, and keeps them open for the work: those that are configured. */
  protected int open(Work work) throws Exception {
    return work.with(
        new Books(
            Settings.readDatabase(), Settings.readAccountKeysetFile(), Settings.readSandboxRail()));
  }

  @Override
  public Integer call() throws Exception {
    if (!rail.equals(SandboxConnector.NAME)) {
      throw new ConfigurationException(
          "--rail " + rail + ": there is no such rail; there is " + SandboxConnector.NAME);
    }
    if (until != null && !since.isBefore(until)) {
      throw new ConfigurationException("--until is not after --since");
    }
    return open(this::reconcile);
  }

  private int reconcile(Books books) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (JsonReport toJson = json == null ? null : new JsonReport(json);
        CsvReport toCsv = csv == null ? null : new CsvReport(csv);
        Connection connection = BlockingDatabase.connect(books.database())) {
      Rail bank = new SandboxConnector(vertx, books.bank(), unmapped -> {});
      Window window = window(connection);
      AccountCipher cipher = AccountCipher.fromFile(books.accountKeyset());
      try (var run = new Reconciliation(connection, rail, window, cipher)) {
        readStatement(vertx, bank, run);
        return report(run, window, toJson, toCsv);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
  }

  private Window window(Connection connection) throws Exception {
    Instant end = until == null ? Reconciliation.clock(connection) : until;
    if (!since.isBefore(end)) {
      throw new ConfigurationException("--since " + since + " is in the future");
    }
    return new Window(since, end);
  }

  private void readStatement(Vertx vertx, Rail bank, Reconciliation run) throws Exception {
    Progress progress = new Progress(spec.commandLine().getErr());
    Future<Void> read =
        bank.statement(
            run.statementSince(),
            entries ->
                vertx.executeBlocking(
                    () -> {
                      run.take(entries);
                      progress.tell("read", run.entries(), "entries of the statement");
                      return null;
                    }));
    read.toCompletionStage()
        .toCompletableFuture()
        .get(Limits.STATEMENT.toMillis(), TimeUnit.MILLISECONDS);
    progress.tell("comparing", run.entries(), "entries of the statement with our book");
  }

  private int report(
      Reconciliation run, Window window, @Nullable JsonReport toJson, @Nullable CsvReport toCsv)
      throws Exception {
    Report report = run.compare();
    if (toJson != null) {
      toJson.begin(rail, window, report);
    }
    long opened =
        run.differences(
            some -> {
              if (toJson != null) {
                toJson.take(some);
              }
              if (toCsv != null) {
                toCsv.take(some);
              }
            });
    finish(toJson, toCsv);
    var out = spec.commandLine().getOut();
    out.print(TextReport.of(rail, window, report, opened));
    for (Path file : new @Nullable Path[] {json, csv}) {
      if (file != null) {
        out.println("written to " + file.toAbsolutePath().normalize());
      }
    }
    out.flush();
    return report.differenceCount() == 0 ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }

  private static void finish(@Nullable JsonReport toJson, @Nullable CsvReport toCsv)
      throws IOException {
    if (toJson != null) {
      toJson.finish();
    }
    if (toCsv != null) {
      toCsv.finish();
    }
  }
}
