package dev.settle.router.access;

import java.util.Locale;
import java.util.Optional;

/** What a caller may be. A token names exactly one. */
public enum Role {
  TERMINAL,
  MAKER,
  CHECKER,
  OPERATOR,
  AUDITOR,
  BANK;

  /** The role's name in tokens and on the command line. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
