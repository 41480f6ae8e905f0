package dev.settle.load.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A promise that is broken on purpose, to prove that the audit sees it. */
enum Sabotage {
  /** Nothing is broken. */
  NONE {
    @Override
    void begin(Connection database) {}

    @Override
    void inTheMiddle(Connection database) {}
  },
  /** Claims look at no route, and nodes hear of no change but by the cluster. */
  FENCE {
    @Override
    void begin(Connection database) throws SQLException {
      edit(
          database,
          "claim_batches",
          "WHERE m.route_version IS DISTINCT FROM p.version",
          "WHERE false");
      edit(database, "begin_route_change", "PERFORM pg_notify", "-- ");
      edit(database, "route_tail", "WHERE c.xid >= p_since", "WHERE false");
    }

    @Override
    void inTheMiddle(Connection database) {}
  },
  /** Acknowledged credits vanish from the database before they are sent. */
  LOSS {
    @Override
    void begin(Connection database) throws SQLException {
      try (Statement statement = database.createStatement()) {
        // The batch keeps its totals, as if a page of the table had been lost.
        statement.execute(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN CASE WHEN random() < 0.002"
                + " THEN NULL ELSE NEW END; END'");
        statement.execute(
            "DO $$ DECLARE p regclass; BEGIN FOR p IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'credit'::regclass"
                + " LOOP EXECUTE format('CREATE TRIGGER a_lose BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION lose()', p);"
                + " END LOOP; END $$");
      }
    }

    @Override
    void inTheMiddle(Connection database) {}
  },
  /** The running totals are made wrong by one minor unit. */
  TOTALS {
    @Override
    void begin(Connection database) {}

    @Override
    void inTheMiddle(Connection database) throws SQLException {
      try (Statement statement = database.createStatement()) {
        statement.execute(
            "UPDATE book_total SET accepted_minor = accepted_minor + 1 WHERE ctid = (SELECT min(ctid) FROM book_total)");
      }
    }
  };

  /** Before anything is sold. */
  abstract void begin(Connection database) throws SQLException;

  /** When half of the time is over. */
  abstract void inTheMiddle(Connection database) throws SQLException;

  private static void edit(Connection database, String function, String from, String to)
      throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_get_functiondef('" + function + "'::regproc)")) {
      row.next();
      String before = row.getString(1);
      String after = before.replace(from, to);
      if (after.equals(before)) {
        throw new IllegalStateException(function + " is not what it was");
      }
      statement.execute(after);
    }
  }
}
