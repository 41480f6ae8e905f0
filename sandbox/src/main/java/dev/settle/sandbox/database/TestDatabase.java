package dev.settle.sandbox.database;

/** A database of its own for one test, cloned from a migrated template and dropped on close. */
public final class TestDatabase implements AutoCloseable {
  private final DurablePostgres server;
  private final String name;

  TestDatabase(DurablePostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /** The server's address. */
  public String host() {
    return server.host();
  }

  /** The server's port. */
  public int port() {
    return server.port();
  }

  /** The database's name. */
  public String name() {
    return name;
  }

  /** The user to connect as, a superuser. */
  public String user() {
    return server.user();
  }

  /** That user's password. */
  public String password() {
    return server.password();
  }

  /** The database's JDBC address, with user and password. */
  public String jdbcUrl() {
    return TemplateDatabases.jdbcUrl(server, name);
  }

  /** Drops the database, cutting the connections that are still open to it. */
  @Override
  public void close() {
    TemplateDatabases.drop(server, name);
  }
}
