package dev.settle.router.platform;

import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Brings a database to this version's schema. A schema that is newer than this version is left as
 * it is: nodes of two versions run together while an upgrade goes on (docs/operating/upgrading.md).
 * Blocking: for commands and tests, never for a node.
 */
public final class Migrations {

  /** Where this version's migrations are. */
  public static final String OWN = "classpath:db/migration";

  private Migrations() {}

  /**
   * How the database's schema stands to this version's.
   *
   * @param missing migrations of this version that the database lacks
   * @param newer migrations that the database has and this version does not know
   */
  public record Standing(int missing, int newer) {}

  /**
   * Applies what is missing and returns how many migrations that were. A migration that has to wait
   * for a lock longer than {@link Limits#MIGRATION_LOCK} fails and leaves nothing behind.
   */
  public static int migrate(String jdbcUrl, String user, String password) {
    return migrate(jdbcUrl, user, password, List.of(OWN));
  }

  /** As above, with migrations from these places. */
  public static int migrate(String jdbcUrl, String user, String password, List<String> locations) {
    return flyway(jdbcUrl, user, password, locations).migrate().migrationsExecuted;
  }

  /** Compares the database's schema with this version's; changes nothing. */
  public static Standing standing(String jdbcUrl, String user, String password) {
    MigrationInfoService info = flyway(jdbcUrl, user, password, List.of(OWN)).info();
    long newer = Arrays.stream(info.applied()).filter(one -> !one.getState().isResolved()).count();
    return new Standing(info.pending().length, (int) newer);
  }

  private static Flyway flyway(
      String jdbcUrl, String user, String password, List<String> locations) {
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(jdbcUrl, user, password)
            .locations(locations.toArray(String[]::new))
            .validateMigrationNaming(true)
            // A statement that waits for a table lets nobody else at it meanwhile.
            .initSql("SET lock_timeout = '" + Limits.MIGRATION_LOCK.toMillis() + "ms'");
    // CREATE INDEX CONCURRENTLY would wait for the transaction that Flyway keeps its lock in, for
    // ever.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }
}
