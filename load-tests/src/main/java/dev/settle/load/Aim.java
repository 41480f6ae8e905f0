package dev.settle.load;

import dev.settle.load.stage.Target;
import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out what to aim at: a demo of this checkout, or the router that the command line names. */
final class Aim {

  private static final Duration VALID = Duration.ofDays(2);

  /** The environment's name for a terminal's token; those of other roles end in their name. */
  private static final String VARIABLE = "SETTLE_LOAD_TOKEN";

  private final Path checkout;
  private final int merchants;

  /**
   * @param checkout its root
   * @param merchants that may be used
   */
  Aim(Path checkout, int merchants) {
    this.checkout = checkout;
    this.merchants = merchants;
  }

  Target at(OwnDemo demo) throws IOException {
    return new Target(demo.api(), demo.management(), demo.bank(), minted(), merchants);
  }

  /**
   * A router that runs already.
   *
   * @param management its management port's address, or null for the port above
   * @param bank the sandbox bank's address, or null for two ports above on this machine
   * @param given tokens, each with {@code ROLE=} before it when it is not a terminal's
   */
  Target at(String url, @Nullable String management, @Nullable String bank, List<String> given)
      throws IOException {
    URI api = address("--target", url);
    Map<Role, String> tokens = given(given);
    boolean here = isThisMachine(api);
    if (tokens.isEmpty() && !here) {
      throw new ConfigurationException(
          "--target "
              + url
              + " wants a token: --token TOKEN or "
              + VARIABLE
              + ", of the role terminal");
    }
    return new Target(
        text(api),
        text(management == null ? above(api, 1) : address("--management", management)),
        bank == null && !here ? null : text(bank == null ? above(api, 2) : address("--bank", bank)),
        tokens.isEmpty() ? minted() : tokens,
        merchants);
  }

  private static URI address(String option, String url) {
    try {
      URI address = URI.create(url);
      if (List.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException notOne) {
      // Said below, like every other text that is no address.
    }
    throw new ConfigurationException(
        option + " " + url + ": an address such as http://127.0.0.1:8080 is expected");
  }

  private static URI above(URI api, int ports) {
    int port = api.getPort() > 0 ? api.getPort() : api.getScheme().equals("https") ? 443 : 80;
    return URI.create(api.getScheme() + "://" + api.getHost() + ":" + (port + ports));
  }

  private static String text(URI address) {
    return address.toString().replaceAll("/+$", "");
  }

  private static boolean isThisMachine(URI api) {
    try {
      return InetAddress.getByName(api.getHost()).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new ConfigurationException("--target " + api + ": there is no host " + api.getHost());
    }
  }

  private static Map<Role, String> given(List<String> options) {
    Map<Role, String> tokens = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String variable = role == Role.TERMINAL ? VARIABLE : VARIABLE + "_" + role.name();
      String token = System.getenv(variable);
      if (token != null && !token.isBlank()) {
        tokens.put(role, token.strip());
      }
    }
    for (String option : options) {
      int equals = option.indexOf('=');
      String role =
          equals < 0 ? Role.TERMINAL.text() : option.substring(0, equals).toLowerCase(Locale.ROOT);
      tokens.put(
          Role.parse(role)
              .orElseThrow(
                  () ->
                      new ConfigurationException("--token " + role + "=…: there is no such role")),
          option.substring(equals + 1));
    }
    return tokens;
  }

  private static Scope scope(Role role) {
    return role == Role.TERMINAL ? Scope.ofAcquirer(DemoKeys.ACQUIRER) : Scope.ALL;
  }

  /** Tokens of every role that all demos of this checkout take. */
  private Map<Role, String> minted() throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      Tokens tokens =
          Tokens.withKey(
              vertx, DemoKeys.tokenSecret(checkout.resolve(".settle")), Clock.systemUTC());
      Map<Role, String> minted = new EnumMap<>(Role.class);
      for (Role role : Role.values()) {
        minted.put(role, tokens.mint(role, "load-" + role.text(), scope(role), VALID));
      }
      return minted;
    } finally {
      vertx.close();
    }
  }
}
