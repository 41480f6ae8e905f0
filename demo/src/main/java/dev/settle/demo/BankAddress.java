package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a running demo's bank is: in its data directory, so that {@code reconcile} can ask it. */
final class BankAddress {

  private static final String FILE = "bank.url";

  private BankAddress() {}

  static URI ofPort(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  static void write(Path dataDirectory, URI address) throws IOException {
    Files.writeString(dataDirectory.resolve(FILE), address + "\n");
  }

  /**
   * What a running demo wrote; throws {@link ConfigurationException} when its bank is not running.
   */
  static URI read(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new ConfigurationException(
          "the bank of the demo on " + dataDirectory + " is not running: try again");
    }
    return URI.create(Files.readString(file).strip());
  }

  static void remove(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(FILE));
  }
}
