package dev.settle.router.app;

import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code settle token}: prints a bearer token, signed with the configured key. */
@Command(name = "token", description = "Mint a bearer token.", mixinStandardHelpOptions = true)
public class TokenCommand implements Callable<Integer> {

  private static final Duration MAX_VALIDITY = Duration.ofDays(366);

  @Option(
      names = "--role",
      required = true,
      description = "terminal, maker, checker, operator, auditor or bank.")
  private String role = "";

  @Option(names = "--subject", required = true, description = "Who the token speaks for.")
  private String subject = "";

  @Option(names = "--hours", description = "How long it is valid (default: ${DEFAULT-VALUE}).")
  private int hours = 24;

  @Option(
      names = "--acquirer",
      description = "Of a terminal: the acquirer whose transactions it may submit and see.")
  private @Nullable String acquirer;

  @Option(
      names = "--merchants",
      split = ",",
      paramLabel = "ID",
      description = "Of a terminal: only these merchants of the acquirer (default: all of them).")
  private List<String> merchants = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Where the key is; a demo keeps it elsewhere than a node. */
  protected Path secretFile() throws Exception {
    return Settings.readTokenSecretFile();
  }

  /** The acquirer of terminals of which nobody says it; null: it has to be said. */
  protected @Nullable String defaultAcquirer() {
    return null;
  }

  private Scope scope(Role role) {
    String named = acquirer == null && role == Role.TERMINAL ? defaultAcquirer() : acquirer;
    if (role == Role.TERMINAL && named == null) {
      throw new ConfigurationException(
          "--acquirer: say whose transactions the terminal may submit");
    }
    try {
      return new Scope(named, Set.copyOf(merchants));
    } catch (IllegalArgumentException noIds) {
      throw new ConfigurationException("--acquirer, --merchants: " + noIds.getMessage());
    }
  }

  /** What nodes take is their setting, which whoever mints need not have. */
  private void warnOfLongOne() {
    long usual = AccessSettings.DEMO.longestToken().toHours();
    if (hours > usual) {
      spec.commandLine()
          .getErr()
          .println(
              "settle: nodes refuse tokens that are valid for more than "
                  + usual
                  + " hours, unless settle.token.max.hours lets them");
      spec.commandLine().getErr().flush();
    }
  }

  @Override
  public Integer call() throws Exception {
    Role known =
        Role.parse(role)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "--role: there is no role "
                            + role
                            + "; there are "
                            + String.join(
                                ", ", Arrays.stream(Role.values()).map(Role::text).toList())));
    if (subject.isBlank()) {
      throw new ConfigurationException("--subject must not be empty");
    }
    if (hours < 1 || hours > MAX_VALIDITY.toHours()) {
      throw new ConfigurationException("--hours must be from 1 to " + MAX_VALIDITY.toHours());
    }
    warnOfLongOne();
    Vertx vertx = Vertx.vertx();
    try {
      Tokens tokens = Tokens.withKey(vertx, secretFile(), Clock.systemUTC());
      spec.commandLine()
          .getOut()
          .println(tokens.mint(known, subject, scope(known), Duration.ofHours(hours)));
      spec.commandLine().getOut().flush();
      return Cli.GOOD;
    } finally {
      vertx.close();
    }
  }
}
