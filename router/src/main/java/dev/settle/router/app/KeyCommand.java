package dev.settle.router.app;

import dev.settle.router.access.Scope;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.PrivateFile;
import dev.settle.router.platform.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code settle key}: API keys for terminals and acquirers' hosts. */
@Command(
    name = "key",
    description = "Issue, list and revoke API keys, which requests are signed with.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "issue|list|revoke")
public class KeyCommand implements Runnable {

  private static final int MOST_DAYS = 3_660;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Where the keys are kept, and what their secrets are encrypted with. */
  public record Keys(Settings.Database database, Path accountKeyset) {}

  /** What is done with them. */
  @FunctionalInterface
  protected interface Work {
    int with(Keys keys) throws Exception;
  }

  /** Finds the keys, and keeps their database open for the work: those that are configured. */
  protected int open(Work work) throws Exception {
    return work.with(new Keys(Settings.readDatabase(), Settings.readAccountKeysetFile()));
  }

  /** The acquirer of keys of which nobody says it; null: it has to be said. */
  protected @Nullable String defaultAcquirer() {
    return null;
  }

  @Override
  public void run() {
    throw new ConfigurationException("settle key: say issue, list or revoke");
  }

  @Command(
      name = "issue",
      description = "Issue a key and print it, once: its secret cannot be shown again.",
      mixinStandardHelpOptions = true)
  int issue(
      @Option(
              names = "--acquirer",
              paramLabel = "ID",
              description = "The acquirer whose transactions it may submit and see.")
          @Nullable String acquirer,
      @Option(
              names = "--merchants",
              split = ",",
              paramLabel = "ID",
              description = "Only these merchants of the acquirer (default: all of them).")
          @Nullable List<String> merchants,
      @Option(
              names = "--days",
              defaultValue = "366",
              description = "How long it is good (default: ${DEFAULT-VALUE}).")
          int days,
      @Option(names = "--note", defaultValue = "", description = "What it is for.") String note,
      @Option(
              names = "--by",
              defaultValue = "${sys:user.name}",
              description = "Who issues it (default: ${DEFAULT-VALUE}).")
          String by,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "Write it to a new file that its owner alone can read.")
          @Nullable Path out)
      throws Exception {
    String named = acquirer == null ? defaultAcquirer() : acquirer;
    if (named == null) {
      throw new ConfigurationException("--acquirer: say whose transactions it may submit");
    }
    if (days < 1 || days > MOST_DAYS) {
      throw new ConfigurationException("--days must be from 1 to " + MOST_DAYS);
    }
    noNumber("--note", note);
    noNumber("--by", by);
    Scope scope = scope(named, merchants == null ? List.of() : merchants);
    if (out != null && Files.exists(out)) {
      throw new ConfigurationException("--out: " + out + " is there already");
    }
    Instant notAfter = Instant.now().plus(Duration.ofDays(days));
    return open(
        keys -> {
          try (Connection connection = BlockingDatabase.connect(keys.database())) {
            AccountCipher cipher = AccountCipher.fromFile(keys.accountKeyset());
            hand(new ApiKeyBook(connection).issue(cipher, scope, notAfter, note, by), out);
          }
          return Cli.GOOD;
        });
  }

  /** What is written here is kept and shown in clear. */
  private static void noNumber(String option, String text) {
    if (HiddenNumber.mayBeIn(text)) {
      throw new ConfigurationException(
          option + " may hold an account number, which is kept nowhere in clear; leave it out");
    }
  }

  private static Scope scope(String acquirer, List<String> merchants) {
    try {
      return new Scope(acquirer, Set.copyOf(merchants));
    } catch (IllegalArgumentException noIds) {
      throw new ConfigurationException("--acquirer, --merchants: " + noIds.getMessage());
    }
  }

  @Command(
      name = "list",
      description = "Print every key there ever was, without its secret.",
      mixinStandardHelpOptions = true)
  int list() throws Exception {
    return open(
        keys -> {
          try (Connection connection = BlockingDatabase.connect(keys.database())) {
            new ApiKeyBook(connection).list().forEach(this::say);
          }
          return Cli.GOOD;
        });
  }

  @Command(
      name = "revoke",
      description = "Make a key good no more; nodes hear of it at once.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "KEY", description = "The key's id.") String keyId,
      @Option(names = "--reason", required = true, description = "Why.") String reason,
      @Option(
              names = "--by",
              defaultValue = "${sys:user.name}",
              description = "Who revokes it (default: ${DEFAULT-VALUE}).")
          String by)
      throws Exception {
    if (reason.isBlank()) {
      throw new ConfigurationException("--reason must not be empty");
    }
    noNumber("--reason", reason);
    noNumber("--by", by);
    return open(
        keys -> {
          try (Connection connection = BlockingDatabase.connect(keys.database())) {
            boolean now = new ApiKeyBook(connection).revoke(keyId, by, reason);
            say(now ? "revoked " + keyId : keyId + " was revoked before");
          }
          return Cli.GOOD;
        });
  }

  private void hand(String line, @Nullable Path out) throws IOException {
    if (out == null) {
      say(line);
    } else {
      write(out, line);
      say("issued " + line.substring(0, line.indexOf(':')) + ": " + out);
    }
  }

  /** A new file that its owner alone can read. */
  public static void write(Path out, String line) throws IOException {
    try {
      PrivateFile.create(out, line + "\n");
    } catch (FileAlreadyExistsException there) {
      throw new ConfigurationException(out + " is there already");
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
