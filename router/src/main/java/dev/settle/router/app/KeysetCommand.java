package dev.settle.router.app;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.keys.AccountKeyset;
import dev.settle.router.keys.AccountKeyset.Key;
import dev.settle.router.keys.MasterKeyFile;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import dev.settle.router.reencryption.KeyUse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code settle keyset …}: the life of the keys that account numbers are encrypted with. Never
 * prints a key.
 */
@Command(
    name = "keyset",
    description =
        "The keys of account numbers: new, rotate, promote, retire; in this order, docs/operating/keys.md says what between.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class KeysetCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Which file. */
  static final class KeysetFile {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "The keyset file; without it: settle.account.keyset.file.")
    private @Nullable Path file;

    Path path() {
      return file == null ? Settings.readAccountKeysetFile() : file;
    }
  }

  @Override
  public void run() {
    throw new ConfigurationException(
        "keyset: say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(
      name = "new",
      description = "Make new keys in a new file.",
      mixinStandardHelpOptions = true)
  int make(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--kms",
              paramLabel = "URI",
              description =
                  "Encrypt the file with this key, such as file:///etc/settle/master.key.")
          @Nullable String kms)
      throws IOException {
    return creating(file, () -> AccountKeyset.make(kms).create(file));
  }

  @Command(
      name = "new-master",
      description = "Make a master key in a new file, for --kms file://…",
      mixinStandardHelpOptions = true)
  int makeMaster(@Parameters(paramLabel = "FILE") Path file) throws IOException {
    return creating(file, () -> MasterKeyFile.make(file));
  }

  private interface Creation {
    void make() throws IOException;
  }

  private int creating(Path file, Creation creation) throws IOException {
    try {
      creation.make();
    } catch (FileAlreadyExistsException e) {
      throw new ConfigurationException(
          file + " is there already: a key that is written over is lost; name another file");
    }
    return done("made " + file.toAbsolutePath().normalize() + ", readable by you alone");
  }

  @Command(
      name = "list",
      description = "Say which keys there are.",
      mixinStandardHelpOptions = true)
  int list(@Mixin KeysetFile of) {
    AccountKeyset keys = AccountKeyset.read(of.path());
    PrintWriter out = spec.commandLine().getOut();
    out.println("the file is " + (keys.kms() == null ? "in clear" : "encrypted by " + keys.kms()));
    for (Key key : keys.keys()) {
      out.println("key " + key.text() + (key.primary() ? ": encrypts" : ": decrypts"));
    }
    out.flush();
    return Cli.GOOD;
  }

  @Command(
      name = "rotate",
      description = "Add a key, which does not encrypt before it is promoted.",
      mixinStandardHelpOptions = true)
  int rotate(@Mixin KeysetFile of) throws IOException {
    AccountKeyset keys = AccountKeyset.read(of.path()).rotated();
    changed(of, "rotate", newest(keys).text(), keys);
    return done(
        "added key "
            + newest(keys).text()
            + ": give the file to every node and start them again, one after the other; then `settle keyset promote`");
  }

  @Command(
      name = "promote",
      description = "Encrypt with the newest key from now on.",
      mixinStandardHelpOptions = true)
  int promote(@Mixin KeysetFile of) throws IOException {
    AccountKeyset keys = AccountKeyset.read(of.path());
    Key newest = newest(keys);
    if (newest.primary()) {
      throw new ConfigurationException(
          "key " + newest.text() + " is the newest and encrypts already: `settle keyset rotate`");
    }
    changed(of, "promote", newest.text(), keys.promoted(newest.id()));
    return done(
        "key "
            + newest.text()
            + " encrypts: give the file to every node and start them again; then `settle reencrypt`");
  }

  @Command(
      name = "retire",
      description = "Take a key away that no account number is under; asks the database.",
      mixinStandardHelpOptions = true)
  int retire(
      @Mixin KeysetFile of,
      @Parameters(paramLabel = "KEY", description = "Its number, as list shows it.") String key)
      throws IOException, SQLException {
    AccountKeyset keys = AccountKeyset.read(of.path());
    int id = id(key);
    AccountKeyset left = keys.without(id);
    long accounts = use().of(id);
    if (accounts > 0) {
      throw new ConfigurationException(
          accounts + " account numbers are under key " + key + ": run `settle reencrypt` first");
    }
    changed(of, "retire", key, left);
    return done(
        "key "
            + key
            + " is gone from the file. Backups of the database from before still need it: keep the old file with them");
  }

  @Command(
      name = "wrap",
      description = "Encrypt the file with another key, or with none.",
      mixinStandardHelpOptions = true)
  int wrap(
      @Mixin KeysetFile of,
      @Option(
              names = "--kms",
              paramLabel = "URI",
              description = "The key; without it the file is in clear afterwards.")
          @Nullable String kms)
      throws IOException {
    AccountKeyset.read(of.path()).under(kms).replace(of.path());
    return done("the file is " + (kms == null ? "in clear" : "encrypted by " + kms));
  }

  /** Writes the file, and the audit where a database is configured. */
  private static void changed(KeysetFile of, String how, String key, AccountKeyset keys)
      throws IOException {
    CommandAudit.recorded(
        Settings.readDatabaseIfAny(),
        AuditAction.KEYS_ROTATED,
        "keyset " + of.path().getFileName(),
        Map.of("how", how, "key", key),
        () -> keys.replace(of.path()));
  }

  private static int id(String key) {
    try {
      return Integer.parseUnsignedInt(key);
    } catch (NumberFormatException e) {
      throw new ConfigurationException("KEY is a number that `settle keyset list` shows");
    }
  }

  private static KeyUse use() throws SQLException {
    Settings.Database database = Settings.readDatabase();
    try (Connection connection = BlockingDatabase.connect(database)) {
      return KeyUse.read(connection);
    }
  }

  private static Key newest(AccountKeyset keys) {
    List<Key> all = keys.keys();
    return all.get(all.size() - 1);
  }

  private int done(String what) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(what);
    out.flush();
    return Cli.GOOD;
  }
}
