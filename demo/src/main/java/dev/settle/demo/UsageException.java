package dev.settle.demo;

/** The demo cannot do what it is asked, or not here: one line that says why and what to do, and exit code 2. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String line) {
    super(line);
  }
}
