package dev.settle.router.app;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.audit.AuditEvent;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What commands record of themselves: who ran one, by the machine's name of him. Blocking. */
final class CommandAudit {

  private static final String RECORD = "SELECT audit_record(?, '', ?, ?, NULL, '', ?::jsonb)";

  private CommandAudit() {}

  /** Something to do that cannot be taken back with a transaction. */
  @FunctionalInterface
  interface Deed {
    void run() throws IOException;
  }

  /**
   * Records in the transaction that the connection is in, or in one of its own.
   *
   * @param object what it is about
   * @param detail more, by name; no secret
   */
  static void record(
      Connection connection, AuditAction action, String object, Map<String, String> detail)
      throws SQLException {
    AuditEvent event =
        new AuditEvent(action, System.getProperty("user.name"), "", object, null, "", detail);
    JsonObject json = new JsonObject();
    event.detail().forEach(json::put);
    try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
      statement.setString(1, event.actor());
      statement.setString(2, event.action().name());
      statement.setString(3, event.object());
      statement.setString(4, json.encode());
      statement.execute();
    }
  }

  /**
   * Does it and records it, or neither where the database refuses; without a database it is done
   * alone.
   *
   * @throws ConfigurationException when it could not be recorded; says whether it was done
   */
  static void recorded(
      Settings.@Nullable Database database,
      AuditAction action,
      String object,
      Map<String, String> detail,
      Deed deed)
      throws IOException {
    if (database == null) {
      deed.run();
      return;
    }
    boolean done = false;
    try (Connection connection = BlockingDatabase.connect(database)) {
      connection.setAutoCommit(false);
      record(connection, action, object, detail);
      deed.run();
      done = true;
      connection.commit();
    } catch (SQLException e) {
      throw new ConfigurationException(
          (done
                  ? "it was done, and could not be recorded in the audit: "
                  : "nothing was changed, it could not be recorded in the audit: ")
              + e.getMessage());
    }
  }
}
