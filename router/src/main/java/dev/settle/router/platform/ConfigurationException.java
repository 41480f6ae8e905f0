package dev.settle.router.platform;

/** A configuration that cannot be run with. The message is one line that says what to set. */
public final class ConfigurationException extends RuntimeException {

  public ConfigurationException(String message) {
    super(message);
  }
}
