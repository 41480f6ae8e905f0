package dev.settle.router.platform;

import org.flywaydb.core.Flyway;

/**
 * Brings a database to this version's schema. Blocking: for commands and tests, never for a node.
 */
public final class Migrations {

  private Migrations() {}

  /** Applies what is missing and returns how many migrations that were. */
  public static int migrate(String jdbcUrl, String user, String password) {
    return flyway(jdbcUrl, user, password).migrate().migrationsExecuted;
  }

  /** How many migrations the database lacks. */
  public static int pending(String jdbcUrl, String user, String password) {
    return flyway(jdbcUrl, user, password).info().pending().length;
  }

  private static Flyway flyway(String jdbcUrl, String user, String password) {
    return Flyway.configure()
        .dataSource(jdbcUrl, user, password)
        .locations("classpath:db/migration")
        .validateMigrationNaming(true)
        .load();
  }
}
