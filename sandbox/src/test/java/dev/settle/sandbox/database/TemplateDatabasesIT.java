package dev.settle.sandbox.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TemplateDatabasesIT {
  private final AtomicInteger migrations = new AtomicInteger();

  @Test
  void everyTestGetsItsOwnCopyOfATemplateMigratedOnce() throws SQLException {
    try (TestDatabase one = TemplateDatabases.fresh("copies", this::migrate);
        TestDatabase other = TemplateDatabases.fresh("copies", this::migrate)) {
      execute(one.jdbcUrl(), "INSERT INTO sale VALUES (2)");

      assertThat(count(one)).isEqualTo(2);
      assertThat(count(other)).isEqualTo(1);
      assertThat(migrations).hasValue(1);
    }
  }

  @Test
  void closingDropsTheDatabaseUnderOpenConnections() throws SQLException {
    TestDatabase database = TemplateDatabases.fresh("dropped", this::migrate);
    try (Connection open = DriverManager.getConnection(database.jdbcUrl())) {
      database.close();
      assertThatThrownBy(() -> count(database)).hasMessageContaining("does not exist");
      assertThat(open.isValid(5)).isFalse();
    }
  }

  @Test
  void aMigrationThatFailedIsBegunAgain() throws SQLException {
    assertThatThrownBy(
            () ->
                TemplateDatabases.fresh(
                    "failing",
                    url -> {
                      migrate(url);
                      throw new IllegalStateException("half-way");
                    }))
        .hasMessage("half-way");
    try (TestDatabase database = TemplateDatabases.fresh("failing", this::migrate)) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  private void migrate(String jdbcUrl) {
    migrations.incrementAndGet();
    try {
      execute(jdbcUrl, "CREATE TABLE sale AS SELECT 1 AS id");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String jdbcUrl, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(TestDatabase database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM sale")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
