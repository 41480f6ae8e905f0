package dev.settle.sandbox.database;

import java.nio.file.Path;

/** A supervisor to kill: starts a database, prints its port, and then only lives. */
final class StartsPostgres {
  private StartsPostgres() {}

  public static void main(String[] arguments) throws InterruptedException {
    try {
      DurablePostgres postgres =
          DurablePostgres.start(Path.of(arguments[0]), 0, Settings.forTests());
      System.out.println("port " + postgres.port());
    } catch (DatabaseRefusal e) {
      System.out.println("refused " + e.getMessage());
      return;
    }
    if (arguments.length == 1) {
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
