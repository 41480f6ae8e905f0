package dev.settle.router.access;

/**
 * Encrypts the secrets of API keys for the database. The key's id is bound into the cipher text, so
 * that one moved to another row does not decrypt.
 */
public interface SecretSeal {

  byte[] seal(String keyId, byte[] secret);

  /** Throws {@link IllegalStateException} when the cipher text is not this key's. */
  byte[] open(String keyId, byte[] sealed);
}
