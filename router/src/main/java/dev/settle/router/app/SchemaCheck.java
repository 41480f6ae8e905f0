package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a database whose schema is older than this version's. One that is newer is served: that
 * is how nodes of two versions run together. Blocking.
 */
final class SchemaCheck {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaCheck.class);

  private SchemaCheck() {}

  static void require(Settings.Database database) {
    Migrations.Standing standing =
        Migrations.standing(database.jdbcUrl(), database.user(), database.password());
    if (standing.missing() > 0) {
      throw new ConfigurationException(
          "the database lacks "
              + standing.missing()
              + " migrations of this version: run `settle migrate` of this version first");
    }
    if (standing.newer() > 0) {
      LOG.info("the schema is {} migrations newer than this version", standing.newer());
    }
  }
}
