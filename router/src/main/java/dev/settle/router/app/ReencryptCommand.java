package dev.settle.router.app;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.keys.AccountKeyset.Key;
import dev.settle.router.platform.Settings;
import dev.settle.router.reencryption.KeyUse;
import dev.settle.router.reencryption.Reencryption;
import java.io.PrintWriter;
import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code settle reencrypt}: brings all account numbers under the key that encrypts now. */
@Command(
    name = "reencrypt",
    description =
        "Encrypt every stored account number with the primary key, while nodes run. Cut off, it goes on with"
            + " the rest next time. Exit 0, or 1 when some node still encrypts with another key.",
    mixinStandardHelpOptions = true)
public final class ReencryptCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings.Database database = Settings.readDatabase();
    AccountCipher cipher = AccountCipher.fromFile(Settings.readAccountKeysetFile());
    SchemaCheck.require(database);
    Progress progress = new Progress(spec.commandLine().getErr());
    try (Connection connection = BlockingDatabase.connect(database)) {
      var run =
          new Reencryption(
              connection,
              cipher,
              changed -> progress.tell("encrypted", changed, "account numbers anew"));
      Reencryption.Report report = run.run();
      CommandAudit.record(
          connection,
          AuditAction.ACCOUNTS_REENCRYPTED,
          "account numbers",
          Map.of(
              "changed",
              String.valueOf(report.changed()),
              "key",
              primary(cipher).text(),
              "underOlderKeys",
              String.valueOf(report.use().all() - report.use().of(primary(cipher).id()))));
      return report(report, cipher);
    }
  }

  private static Key primary(AccountCipher cipher) {
    return cipher.keys().stream().filter(Key::primary).findFirst().orElseThrow();
  }

  private int report(Reencryption.Report report, AccountCipher cipher) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("encrypted anew: %,d account numbers%n", report.changed());
    long left = KeyReport.print(out, cipher.keys(), report.use());
    out.flush();
    if (left == 0) {
      return Cli.GOOD;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "settle: "
            + left
            + " account numbers came under an older key meanwhile: a node runs with the keyset file"
            + " from before `keyset promote`; start it again with the new one, then run this again");
    err.flush();
    return Cli.BROKEN_PROMISE;
  }

  /** What each key is for, one line each. */
  static final class KeyReport {

    private KeyReport() {}

    /** Returns how many numbers are under keys that do not encrypt any more. */
    static long print(PrintWriter out, Iterable<Key> keys, KeyUse use) {
      long older = 0;
      for (Key key : keys) {
        long accounts = use.of(key.id());
        older += key.primary() ? 0 : accounts;
        String what =
            key.primary()
                ? "encrypts"
                : accounts > 0
                    ? "decrypts"
                    : "unused; if no node was given it to be promoted: `settle keyset retire "
                        + key.text()
                        + "`";
        out.printf("key %s: %,d account numbers; %s%n", key.text(), accounts, what);
      }
      return older;
    }
  }
}
