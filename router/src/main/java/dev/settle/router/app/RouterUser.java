package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database user that nodes run as. It owns nothing, and may neither change nor remove history:
 * what it may, the table {@code router_right} says. Blocking: for commands and tests.
 *
 * @param name a role of the database
 * @param password made the role's; empty: the role is there, and has one or needs none
 */
public record RouterUser(String name, String password) {

  /** The name that demo and tests give it. */
  public static final String DEFAULT_NAME = "settle_router";

  private static final Logger LOG = LoggerFactory.getLogger(RouterUser.class);

  /** PostgreSQL's code for what a user may not do. */
  private static final String NOT_ALLOWED = "42501";

  /** One of the usual name, with a password that nobody knows before; for demo and load tests. */
  public static RouterUser withRandomPassword() {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    return new RouterUser(DEFAULT_NAME, HexFormat.of().formatHex(secret));
  }

  /**
   * Makes the user if there is none, and gives it the rights of a router and no others. The schema
   * has to be there.
   *
   * @param owner the schema's owner
   * @return where a node finds the database as this user
   * @throws ConfigurationException when the owner may make no users and this one is missing
   */
  public Settings.Database giveRights(Settings.Database owner) {
    if (name.equals(owner.user())) {
      throw new ConfigurationException(
          "settle.database.router.user is "
              + name
              + ", the schema's owner: nodes need a user of their own");
    }
    try (Connection connection = BlockingDatabase.connect(owner);
        Statement statement = connection.createStatement()) {
      makeRole(connection, statement);
      try (PreparedStatement rights = connection.prepareStatement("SELECT give_router_rights(?)")) {
        rights.setObject(1, name, java.sql.Types.OTHER);
        rights.execute();
      }
      showStandby(connection, statement);
    } catch (SQLException e) {
      throw new ConfigurationException(
          "could not give the database user " + name + " its rights: " + e.getMessage());
    }
    return new Settings.Database(owner.url(), name, password);
  }

  /** As above; the address as JDBC spells it. */
  public Settings.Database giveRights(String jdbcUrl, String owner, String password) {
    return giveRights(new Settings.Database(jdbcUrl.substring("jdbc:".length()), owner, password));
  }

  private void makeRole(Connection connection, Statement statement) throws SQLException {
    boolean exists;
    try (PreparedStatement look =
        connection.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?")) {
      look.setString(1, name);
      try (ResultSet found = look.executeQuery()) {
        exists = found.next();
      }
    }
    if (exists && password.isEmpty()) {
      return;
    }
    String role =
        exists
            ? "ALTER ROLE %I PASSWORD %L"
            : "CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD %L";
    try {
      statement.execute(formatted(connection, role));
    } catch (SQLException refused) {
      if (!NOT_ALLOWED.equals(refused.getSQLState())) {
        throw refused;
      }
      throw new ConfigurationException(
          "the schema's owner may not make the database user "
              + name
              + ": have an administrator run CREATE ROLE "
              + name
              + " LOGIN PASSWORD '…', and leave settle.database.router.password out");
    }
  }

  /** Name and password, quoted by the database. */
  private String formatted(Connection connection, String sql) throws SQLException {
    try (PreparedStatement format = connection.prepareStatement("SELECT format(?, ?, ?)")) {
      format.setString(1, sql);
      format.setString(2, name);
      format.setString(3, password);
      try (ResultSet quoted = format.executeQuery()) {
        quoted.next();
        return quoted.getString(1);
      }
    }
  }

  /** Whether a standby is there is shown to members of pg_monitor alone. */
  private void showStandby(Connection connection, Statement statement) throws SQLException {
    try {
      statement.execute(formatted(connection, "GRANT pg_monitor TO %I"));
    } catch (SQLException refused) {
      if (!NOT_ALLOWED.equals(refused.getSQLState())) {
        throw refused;
      }
      LOG.warn(
          "{} may not be granted pg_monitor by this user: /health/ready cannot say whether a standby is there",
          name);
    }
  }

  /** The name alone. */
  @Override
  public String toString() {
    return name;
  }
}
