package dev.settle.demo;

import dev.settle.router.app.TokenCommand;
import dev.settle.router.platform.DemoKeys;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code settle token}: with the checkout's key, unless another is configured. */
@Command(
    name = "token",
    description = "Mint a bearer token, by default for the demos of this checkout.")
final class DemoTokenCommand extends TokenCommand {

  @Override
  protected Path secretFile() throws Exception {
    return isConfigured() ? super.secretFile() : CheckoutKeys.tokenSecret();
  }

  private static boolean isConfigured() {
    return System.getenv("SETTLE_TOKEN_SECRET_FILE") != null
        || System.getProperty("settle.token.secret.file") != null;
  }

  /** The demo's; whoever mints for another router says whose terminal it is. */
  @Override
  protected @Nullable String defaultAcquirer() {
    return isConfigured() ? null : DemoKeys.ACQUIRER;
  }
}
