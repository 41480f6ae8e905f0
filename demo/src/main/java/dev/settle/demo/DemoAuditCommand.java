package dev.settle.demo;

import dev.settle.router.app.AuditCommand;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Files;
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
    Path chosen =
        dataDirectory == null && !DemoVerifyCommand.isConfigured()
            ? LastDemo.find()
            : dataDirectory;
    if (chosen == null) {
      return super.open(work);
    }
    Path directory = chosen.toAbsolutePath().normalize();
    if (!Files.isDirectory(directory.resolve("postgres"))) {
      throw new ConfigurationException("--data-dir " + directory + " holds no demo");
    }
    WorkingDirectory locked = WorkingDirectory.lock(directory);
    if (locked == null) {
      try (Connection connection = DatabaseAddress.read(directory).connect()) {
        return work.with(connection);
      }
    }
    try (locked;
        RouterDatabase database = RouterDatabase.start(directory);
        Connection connection = database.address().connect()) {
      return work.with(connection);
    }
  }
}
