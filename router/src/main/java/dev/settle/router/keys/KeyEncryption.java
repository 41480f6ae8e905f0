package dev.settle.router.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import dev.settle.router.platform.ConfigurationException;
import java.security.GeneralSecurityException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds the key of a key management service by its URI, with whatever Tink {@link KmsClient} is on
 * the class path: {@link MasterKeyFile} is always, those of cloud providers are put there by who
 * runs the router ({@code docs/operating/keys.md}).
 */
final class KeyEncryption {

  private KeyEncryption() {}

  /**
   * The key behind {@code uri}, by the credentials that the service's client finds by itself.
   * Throws {@link ConfigurationException} when no client knows such URIs, or it does not get the
   * key. May ask another host: blocking.
   */
  static Aead of(String uri) {
    try {
      for (KmsClient client : ServiceLoader.load(KmsClient.class)) {
        if (client.doesSupport(uri)) {
          return client.withDefaultCredentials().getAead(uri);
        }
      }
    } catch (GeneralSecurityException | ServiceConfigurationError e) {
      throw new ConfigurationException("the key " + uri + " cannot be had: " + e.getMessage());
    }
    throw new ConfigurationException(
        "nothing on the class path knows keys such as "
            + uri
            + ": put Tink's client of that service there (docs/operating/keys.md)");
  }
}
