package dev.settle.router.rail.sandbox;

/** The bank's answer does not say what became of the transfers. */
final class SandboxException extends RuntimeException {

  SandboxException(String message) {
    super(message, null, false, false);
  }
}
