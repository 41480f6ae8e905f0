package dev.settle.router.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;

/** Stands in for a provider's client on the class path; its one key lives as long as the JVM. */
public final class FakeKms implements KmsClient {

  static final String KEY = "fake-kms://keys/accounts";
  private static final AtomicReference<Aead> MADE = new AtomicReference<>();

  private boolean hasCredentials;

  @Override
  public boolean doesSupport(String keyUri) {
    return keyUri.startsWith("fake-kms:");
  }

  @Override
  public KmsClient withCredentials(String credentialPath) {
    throw new UnsupportedOperationException("the router lets clients find their own");
  }

  @Override
  public KmsClient withDefaultCredentials() {
    hasCredentials = true;
    return this;
  }

  @Override
  public Aead getAead(String keyUri) throws GeneralSecurityException {
    if (!hasCredentials || !keyUri.equals(KEY)) {
      throw new GeneralSecurityException("no right to use " + keyUri);
    }
    AeadConfig.register();
    MADE.compareAndSet(
        null,
        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get())
            .getPrimitive(RegistryConfiguration.get(), Aead.class));
    return MADE.get();
  }
}
