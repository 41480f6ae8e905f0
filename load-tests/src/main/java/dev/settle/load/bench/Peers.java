package dev.settle.load.bench;

import java.sql.SQLException;

/** The peers' tables, in the router's database, with the columns and indexes of its own. */
final class Peers {

  private Peers() {}

  static void create(Book book) throws SQLException {
    for (String peer : new String[] {"peer_single", "peer_bulk"}) {
      book.execute("CREATE TABLE " + peer + " (LIKE credit INCLUDING ALL)");
      book.execute("CREATE SEQUENCE " + peer + "_ids");
    }
  }
}
