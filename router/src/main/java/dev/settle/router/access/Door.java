package dev.settle.router.access;

import dev.settle.router.platform.Limits;

/**
 * One event loop's part of knowing who calls: what may not be shared with another. Every {@link
 * AccessHandler} of the loop has the same.
 */
public final class Door {

  private final Credentials credentials;
  private final RequestSignatures signatures;
  private final ClientCertificates certificates = new ClientCertificates();
  private int heldUploads;

  public Door(Credentials credentials) {
    this.credentials = credentials;
    this.signatures = credentials.requestSignatures();
  }

  Credentials credentials() {
    return credentials;
  }

  RequestSignatures signatures() {
    return signatures;
  }

  ClientCertificates certificates() {
    return certificates;
  }

  /** Takes a place for a signed upload; false: there is none. */
  boolean holdUpload() {
    if (heldUploads >= Limits.SIGNED_BULKS) {
      return false;
    }
    heldUploads++;
    return true;
  }

  /** Gives such a place back. */
  void letGoOfUpload() {
    heldUploads--;
  }
}
