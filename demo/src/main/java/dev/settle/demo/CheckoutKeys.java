package dev.settle.demo;

import dev.settle.router.platform.DemoKeys;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The key of this checkout's tokens, in its {@code .settle} folder: one for all demos that are started here, so that {@code
 * bin/settle token} mints for each of them.
 */
final class CheckoutKeys {

  private static final String HOME = "settle.home";
  private static final String SETTING = "settle.token.secret.file";
  private static final String VARIABLE = "SETTLE_TOKEN_SECRET_FILE";

  private CheckoutKeys() {}

  /** The file of the key; made when absent. {@code bin/settle} says where the checkout is; without it, it is the working directory. */
  static Path tokenSecret() throws IOException {
    return DemoKeys.tokenSecret(Path.of(System.getProperty(HOME, "."), ".settle").toAbsolutePath().normalize());
  }

  /** Lets commands of this process mint with the checkout's key, unless another was configured. */
  static void offer() throws IOException {
    if (System.getenv(VARIABLE) == null && System.getProperty(SETTING) == null) {
      System.setProperty(SETTING, tokenSecret().toString());
    }
  }
}
