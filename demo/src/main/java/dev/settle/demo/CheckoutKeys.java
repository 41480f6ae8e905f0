package dev.settle.demo;

import dev.settle.router.platform.DemoKeys;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The key of this checkout's tokens, in its {@code .settle} folder: one for all demos that are
 * started here, so that {@code bin/settle token} mints for each of them.
 */
final class CheckoutKeys {

  private CheckoutKeys() {}

  /**
   * The checkout's own folder for what outlives a demo. {@code bin/settle} says where the checkout
   * is; without it, it is the working directory.
   */
  static Path folder() {
    return Path.of(System.getProperty("settle.home", "."))
        .toAbsolutePath()
        .normalize()
        .resolve(".settle");
  }

  /** The file of the key; made when absent. */
  static Path tokenSecret() throws IOException {
    return DemoKeys.tokenSecret(folder());
  }
}
