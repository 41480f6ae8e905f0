package dev.settle.router.app;

import java.util.Set;

/** The commands of {@code settle}. */
public final class Commands {

  private Commands() {}

  public static Set<String> names() {
    return Main.commandLine().getSubcommands().keySet();
  }
}
