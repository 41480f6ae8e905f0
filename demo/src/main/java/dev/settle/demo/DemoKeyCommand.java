package dev.settle.demo;

import dev.settle.router.app.KeyCommand;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code settle key}: of the configured database, or else of this checkout's last demo. */
@Command(
    name = "key",
    description =
        "Issue, list and revoke API keys, which requests are signed with: of the database that SETTLE_DATABASE_URL "
            + "names, or else of this checkout's last demo.")
final class DemoKeyCommand extends KeyCommand {

  @Override
  protected int open(Work work) throws Exception {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    if (DemoVerifyCommand.isConfigured()) {
      return super.open(work);
    }
    Path directory = LastDemo.find();
    if (directory == null) {
      throw new ConfigurationException("no database is configured and no demo was started here");
    }
    return DemoDirectory.withDatabase(
        directory, (database, running) -> work.with(keys(directory, database)));
  }

  private static Keys keys(Path directory, DatabaseAddress database) throws Exception {
    return new Keys(
        new Settings.Database(database.url(), database.user(), database.password()),
        DemoKeys.accountKeyset(directory));
  }

  @Override
  protected @Nullable String defaultAcquirer() {
    return DemoVerifyCommand.isConfigured() ? null : DemoKeys.ACQUIRER;
  }
}
