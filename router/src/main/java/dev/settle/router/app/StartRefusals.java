package dev.settle.router.app;

import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Settings;
import dev.settle.router.platform.TlsSettings.EndedBy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses settings with which anybody could call as anybody: keys of a demo, a password that
 * everybody knows, no word about TLS. A demo says that it is one, and then is not to be reached
 * from everywhere. What a database must be is {@link DurabilityCheck}'s.
 */
final class StartRefusals {

  /** Passwords that are tried first. */
  private static final Set<String> KNOWN =
      Set.of(
          "postgres",
          "postgresql",
          "password",
          "passwort",
          "secret",
          "settle",
          "router",
          "admin",
          "root",
          "changeme",
          "change-me",
          "change_me",
          "default",
          "test",
          "demo",
          "example",
          "12345",
          "123456",
          "12345678",
          "123456789",
          "qwerty",
          "letmein");

  private StartRefusals() {}

  static void check(Settings settings) {
    AccessSettings access = settings.access();
    if (access.demo()) {
      requirePrivate(settings.httpHost());
      return;
    }
    if (access.tls().endedBy() == EndedBy.NOBODY) {
      throw new ConfigurationException(
          "SETTLE_TLS_TERMINATED_BY (settle.tls.terminated.by) says nobody: only a demo may go without TLS;"
              + " say router or proxy");
    }
    requireOwnKeys(settings);
    requirePassword(settings.database());
  }

  private static void requireOwnKeys(Settings settings) {
    requireOwn("SETTLE_TOKEN_SECRET_FILE", settings.tokenSecretFile());
    requireOwn("SETTLE_ACCOUNT_KEYSET_FILE", settings.accountKeysetFile());
    requireOwn(
        "SETTLE_RAIL_SANDBOX_NOTIFICATION_SECRETS_FILE", settings.sandboxNotificationSecretsFile());
  }

  private static void requireOwn(String variable, @Nullable Path file) {
    if (file != null && DemoKeys.isIn(file)) {
      throw new ConfigurationException(
          variable + ": " + file + " holds a key of the demo; make one of your own");
    }
  }

  private static void requirePassword(Settings.Database database) {
    String password = database.password().strip();
    String why =
        password.isEmpty()
            ? "is empty"
            : KNOWN.contains(password.toLowerCase(Locale.ROOT))
                ? "is one that everybody tries first"
                : password.equals(database.user()) ? "is the user's name" : "";
    if (!why.isEmpty()) {
      throw new ConfigurationException(
          "SETTLE_DATABASE_PASSWORD (settle.database.password) "
              + why
              + ": give the router's database user a password of its own");
    }
  }

  /** Of this machine, or of a network that is not reached from outside. */
  private static void requirePrivate(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (address.isLoopbackAddress()
          || address.isLinkLocalAddress()
          || address.isSiteLocalAddress()) {
        return;
      }
    } catch (UnknownHostException notHere) {
      // Said below.
    }
    throw new ConfigurationException(
        "SETTLE_HTTP_HOST (settle.http.host) is "
            + host
            + ": a demo (settle.demo=true) listens on an address of this machine alone, such as 127.0.0.1");
  }
}
