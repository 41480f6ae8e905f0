package dev.settle.demo;

import dev.settle.router.app.AuditCommand;
import java.nio.file.Path;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code settle audit}: of a demo's data directory, by default the last one of this checkout, or of
 * the configured database.
 */
@Command(name = "audit")
final class DemoAuditCommand extends AuditCommand {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "A demo's data directory. Without it: the database that SETTLE_DATABASE_URL names, or else this "
              + "checkout's last demo.")
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
        (database, running) -> {
          try (Connection connection = database.connect()) {
            return work.with(connection);
          }
        });
  }
}
