package dev.settle.load.stage;

import dev.settle.router.access.Role;
import dev.settle.router.platform.ConfigurationException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The router under load.
 *
 * @param api the address of its public API, without a slash at its end
 * @param management the address of its management port, or null: no metrics are read
 * @param bank the address of the sandbox bank that it pays at, or null: it is given no faults
 * @param tokens who may ask
 * @param merchants of it that may be used: M000001 and so on, each with one terminal, as the demo
 *     has them
 */
public record Target(
    String api,
    @Nullable String management,
    @Nullable String bank,
    Map<Role, String> tokens,
    int merchants) {

  /** The token of a role; throws {@link ConfigurationException} that says how to give it. */
  public String token(Role role) {
    String token = tokens.get(role);
    if (token == null) {
      throw new ConfigurationException(
          "this scenario needs a token of the role "
              + role.text()
              + ": --token "
              + role.text()
              + "=TOKEN");
    }
    return token;
  }

  /** The bank's address; throws {@link ConfigurationException} that says how to give it. */
  public String requireBank() {
    if (bank == null) {
      throw new ConfigurationException(
          "this scenario gives the sandbox bank faults: name it with --bank URL");
    }
    return bank;
  }
}
