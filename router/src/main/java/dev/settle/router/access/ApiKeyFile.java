package dev.settle.router.access;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** How an API key is handed over: a line with its id, a colon, and its secret as base64. */
public final class ApiKeyFile {

  private ApiKeyFile() {}

  /** The line. */
  public static String line(String keyId, byte[] secret) {
    return keyId + ":" + Base64.getEncoder().encodeToString(secret);
  }

  /**
   * What signs with the key in a file. Throws {@link ConfigurationException}, without the secret.
   */
  public static RequestSigner read(Path file) {
    try {
      String line = Files.readString(file, StandardCharsets.US_ASCII).strip();
      int colon = line.indexOf(':');
      return new RequestSigner(
          line.substring(0, colon), Base64.getDecoder().decode(line.substring(colon + 1)));
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the API key " + file);
    } catch (IllegalArgumentException | IndexOutOfBoundsException notOne) {
      throw new ConfigurationException(
          file + " holds no API key: a line with its id, a colon and its secret is expected");
    }
  }
}
