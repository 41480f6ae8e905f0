package dev.settle.router.platform;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told from outside. Every setting can come from a system property ({@code
 * settle.http.port}), an environment variable ({@code SETTLE_HTTP_PORT}) or the file that {@code
 * SETTLE_CONFIG_FILE} names, in this order. The full list with defaults: {@code
 * docs/operating/configuration.md}.
 *
 * @param eventLoops event loops that take requests, record and dispatch; each has its own recorder
 *     and connections
 * @param clusterKubernetesService the DNS name of the headless service whose pods are the members;
 *     empty: {@code clusterMembers} says where they are
 * @param replayWindow how long a re-sent transaction is recognised
 * @param doubtPersonAfter how long nobody may know what became of a transfer before a person has to
 *     find out
 * @param drainNotice how long a node that was told to stop takes requests still, so that whoever
 *     spreads them sees that it is not ready
 * @param bindingStaleness how stale routes may be before a node asks the database for every one
 * @param sandboxNotificationSecretsFile what the sandbox bank signs its notifications with; null:
 *     none is taken
 * @param access by what it knows who is calling
 * @param callers how much is taken of callers
 * @param webhookLoopback whether webhooks may go to this machine, over http too: for the demo
 */
public record Settings(
    String nodeName,
    String httpHost,
    int httpPort,
    int managementPort,
    int eventLoops,
    Database database,
    URI sandboxRail,
    Path tokenSecretFile,
    Path accountKeysetFile,
    int clusterPort,
    List<String> clusterMembers,
    String clusterKubernetesService,
    Duration replayWindow,
    CardChangeSettings cardChange,
    Duration doubtPersonAfter,
    Duration drainNotice,
    Duration bindingStaleness,
    @Nullable Path sandboxNotificationSecretsFile,
    AccessSettings access,
    CallerLimits callers,
    boolean webhookLoopback,
    boolean exitWithParent) {

  /**
   * The PostgreSQL to use.
   *
   * @param url {@code postgresql://host:port/name}
   */
  public record Database(String url, String user, String password) {

    /** Without the password. */
    @Override
    public String toString() {
      return "Database[" + user + " at " + url + "]";
    }

    /** The same address as JDBC spells it. */
    public String jdbcUrl() {
      return "jdbc:" + url;
    }
  }

  /**
   * Reads the settings of a node; throws {@link ConfigurationException} that names what is missing
   * or wrong.
   */
  public static Settings read() {
    Reader from = Reader.open();
    return new Settings(
        from.text("settle.node.name", "node-0"),
        httpHost(from),
        from.number("settle.http.port", 8080, 0, 65_535),
        managementPort(from),
        from.number(
            "settle.event.loops", Math.max(1, Runtime.getRuntime().availableProcessors()), 1, 64),
        database(from),
        from.uri("settle.rail.sandbox.url"),
        from.file("settle.token.secret.file"),
        from.file("settle.account.keyset.file"),
        from.number("settle.cluster.port", 5701, 1, 65_535),
        List.of(from.text("settle.cluster.members", "127.0.0.1").split(",")),
        from.text("settle.cluster.kubernetes.service", "").strip(),
        replayWindow(from),
        cardChange(from),
        Duration.ofMinutes(from.number("settle.doubt.person.after.minutes", 30, 1, 10_080)),
        Duration.ofMillis(from.number("settle.drain.notice.ms", 5_000, 0, 60_000)),
        Duration.ofMillis(from.number("settle.binding.staleness.budget.ms", 2_000, 100, 60_000)),
        from.optionalFile("settle.rail.sandbox.notification.secrets.file"),
        access(from),
        callers(from),
        from.yesOrNo("settle.webhook.loopback"),
        from.yesOrNo("settle.exit.with.parent"));
  }

  /**
   * Where a node listens for metrics and health.
   *
   * @param host an address of this machine; 0.0.0.0: all of them
   * @param port 0: any free one
   */
  public record Management(String host, int port) {}

  /** Reads only where the node of this machine can be asked how it is. */
  public static Management readManagement() {
    Reader from = Reader.open();
    return new Management(httpHost(from), managementPort(from));
  }

  /** Reads only where the database is; for the commands that need nothing else. */
  public static Database readDatabase() {
    return database(Reader.open());
  }

  /** Reads only where the database is; null: no setting says. */
  public static @Nullable Database readDatabaseIfAny() {
    Reader from = Reader.open();
    return from.text("settle.database.url", "").isBlank() ? null : database(from);
  }

  /** The same database for the user that nodes run as; null: none is named. For the owner. */
  public static @Nullable Database readDatabaseOfRouters() {
    Reader from = Reader.open();
    String name = from.text("settle.database.router.user", "");
    return name.isBlank()
        ? null
        : new Database(
            database(from).url(), name, from.text("settle.database.router.password", ""));
  }

  /** Reads only where the key of the tokens is. */
  public static Path readTokenSecretFile() {
    return Reader.open().file("settle.token.secret.file");
  }

  /** Reads only where the keys of the account numbers are. */
  public static Path readAccountKeysetFile() {
    return Reader.open().file("settle.account.keyset.file");
  }

  /** Reads only where the sandbox rail's bank is. */
  public static URI readSandboxRail() {
    return Reader.open().uri("settle.rail.sandbox.url");
  }

  /** Reads only how long a re-sent transaction is recognised. */
  public static Duration readReplayWindow() {
    return replayWindow(Reader.open());
  }

  private static Duration replayWindow(Reader from) {
    return Duration.ofDays(from.number("settle.replay.window.days", 180, 1, 3_650));
  }

  private static String httpHost(Reader from) {
    return from.text("settle.http.host", "0.0.0.0");
  }

  private static int managementPort(Reader from) {
    return from.number("settle.management.port", 8081, 0, 65_535);
  }

  private static Database database(Reader from) {
    String url = from.required("settle.database.url");
    if (!url.startsWith("postgresql://")) {
      throw new ConfigurationException(
          "settle.database.url must look like postgresql://host:5432/settle");
    }
    return new Database(
        url, from.required("settle.database.user"), from.text("settle.database.password", ""));
  }

  private static AccessSettings access(Reader from) {
    String jwks = from.text("settle.token.jwks", "").strip();
    String issuer = from.text("settle.token.issuer", "").strip();
    if (!jwks.isEmpty() && issuer.isEmpty()) {
      throw new ConfigurationException(
          "SETTLE_TOKEN_ISSUER (settle.token.issuer) must say whose tokens the keys of"
              + " settle.token.jwks sign");
    }
    return new AccessSettings(
        tls(from),
        jwks.isEmpty() ? null : jwks,
        issuer,
        from.text("settle.token.audience", AccessSettings.OWN_NAME),
        from.text("settle.token.role.claim", "role"),
        Duration.ofHours(from.number("settle.token.max.hours", 24, 1, 8_784)),
        from.yesOrNo("settle.proxy.protocol"),
        from.yesOrNo("settle.demo"));
  }

  private static TlsSettings tls(Reader from) {
    TlsSettings.EndedBy endedBy =
        switch (from.text("settle.tls.terminated.by", "")) {
          case "router" -> TlsSettings.EndedBy.ROUTER;
          case "proxy" -> TlsSettings.EndedBy.PROXY;
          case "nobody" -> TlsSettings.EndedBy.NOBODY;
          default ->
              throw new ConfigurationException(
                  "SETTLE_TLS_TERMINATED_BY (settle.tls.terminated.by) must say who ends TLS: router"
                      + " (this process), proxy (what stands in front of it), or nobody (in a demo)");
        };
    if (endedBy != TlsSettings.EndedBy.ROUTER) {
      return new TlsSettings(endedBy, null, null, null, null);
    }
    return new TlsSettings(
        endedBy,
        from.file("settle.tls.certificate.file"),
        from.file("settle.tls.key.file"),
        from.optionalFile("settle.tls.client.ca.file"),
        from.optionalFile("settle.tls.client.crl.file"));
  }

  private static CallerLimits callers(Reader from) {
    CallerLimits otherwise = CallerLimits.DEFAULT;
    return new CallerLimits(
        from.number("settle.connections", otherwise.connections(), 16, 1_000_000),
        from.number("settle.connections.per.address", otherwise.connectionsOfOne(), 1, 1_000_000),
        from.number("settle.rate.person.per.second", otherwise.personPerSecond(), 0, 1_000_000),
        from.number(
            "settle.rate.acquirer.per.second", otherwise.acquirerPerSecond(), 0, 10_000_000));
  }

  private static CardChangeSettings cardChange(Reader from) {
    CardChangeSettings otherwise = CardChangeSettings.DEFAULT;
    return new CardChangeSettings(
        CardChangeSettings.documents(
            from.text("settle.card.change.documents", String.join(",", otherwise.documents()))),
        from.number("settle.card.change.per.day", otherwise.perDay(), 1, 1_000),
        from.number("settle.card.change.cool.down.hours", otherwise.coolDownHours(), 0, 8_760),
        from.yesOrNo("settle.card.change.test.credit"),
        from.yesOrNo("settle.card.change.auto.approval"),
        from.number("settle.card.change.expiry.days", otherwise.expiryDays(), 1, 365));
  }

  /** Typed reading with errors that name the setting. */
  private record Reader(SmallRyeConfig config) {

    static Reader open() {
      var builder = new SmallRyeConfigBuilder().addDefaultSources();
      String file = System.getenv("SETTLE_CONFIG_FILE");
      if (file != null) {
        try {
          builder.withSources(new PropertiesConfigSource(Path.of(file).toUri().toURL()));
        } catch (IOException e) {
          throw new ConfigurationException("SETTLE_CONFIG_FILE: cannot read " + file);
        }
      }
      return new Reader(builder.build());
    }

    String required(String name) {
      return config
          .getOptionalValue(name, String.class)
          .orElseThrow(() -> new ConfigurationException("not set: " + spellings(name)));
    }

    String text(String name, String otherwise) {
      return config.getOptionalValue(name, String.class).orElse(otherwise);
    }

    int number(String name, int otherwise, int min, int max) {
      String value = text(name, String.valueOf(otherwise));
      try {
        int number = Integer.parseInt(value.trim());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Refused below, with what is expected instead.
      }
      throw new ConfigurationException(
          spellings(name)
              + " must be a whole number from "
              + min
              + " to "
              + max
              + ", not "
              + value);
    }

    /** "no" unless it is set; a wrong word is no silent "no". */
    boolean yesOrNo(String name) {
      String value = text(name, "false");
      if (!value.equals("true") && !value.equals("false")) {
        throw new ConfigurationException(spellings(name) + " must be true or false, not " + value);
      }
      return value.equals("true");
    }

    URI uri(String name) {
      String value = required(name);
      if (!value.matches("https?://[^/:]+(:\\d+)?/?.*")) {
        throw new ConfigurationException(
            spellings(name) + " must be an http(s) address, not " + value);
      }
      return URI.create(value);
    }

    @Nullable Path optionalFile(String name) {
      return text(name, "").isBlank() ? null : file(name);
    }

    Path file(String name) {
      Path file = Path.of(required(name));
      if (!Files.isReadable(file)) {
        throw new ConfigurationException(spellings(name) + ": cannot read " + file);
      }
      return file;
    }

    private static String spellings(String name) {
      return name.toUpperCase(java.util.Locale.ROOT).replace('.', '_') + " (" + name + ")";
    }
  }
}
