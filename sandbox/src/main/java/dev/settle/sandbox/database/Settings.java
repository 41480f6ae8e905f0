package dev.settle.sandbox.database;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How large the embedded PostgreSQL is and who stops it; nothing here can make it less durable.
 *
 * @param sharedBuffers memory for pages, as PostgreSQL writes it ({@code 256MB})
 * @param maxConnections connections that it accepts
 * @param maxWalSize write-ahead log between two checkpoints, as PostgreSQL writes it
 * @param minWalSize of it so much is kept to be written over: making a new file of 16 MB takes 50
 *     ms, and every commit waits for it
 * @param alsoOn an address that it listens on besides the loopback's, open to who is directly
 *     connected and has the password; empty: none
 * @param stopsWithJvm whether the end of this JVM stops it; without, whoever started it must close
 *     it
 */
public record Settings(
    String sharedBuffers,
    int maxConnections,
    String maxWalSize,
    String minWalSize,
    String alsoOn,
    boolean stopsWithJvm) {

  /** What each of these must answer to SHOW, or the database is refused. */
  static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  /**
   * For the demo: 256 MB of pages, 200 connections, 2 GB of log, of which 1 GB is kept; its
   * supervisor closes it.
   */
  public static Settings forDemo() {
    return new Settings("256MB", 200, "2GB", "1GB", "", false);
  }

  /** For tests: 64 MB of pages, 200 connections, 512 MB of log; stops with the JVM. */
  public static Settings forTests() {
    return new Settings("64MB", 200, "512MB", "80MB", "", true);
  }

  /** The same, stopped or not stopped by the end of this JVM. */
  public Settings withStopsWithJvm(boolean stops) {
    return new Settings(sharedBuffers, maxConnections, maxWalSize, minWalSize, alsoOn, stops);
  }

  /** The same, listening on one more address. */
  public Settings alsoOn(String address) {
    return new Settings(
        sharedBuffers, maxConnections, maxWalSize, minWalSize, address, stopsWithJvm);
  }

  /** The server's settings by name. */
  Map<String, String> server() {
    Map<String, String> server = new LinkedHashMap<>(DURABLE);
    server.put(
        "listen_addresses",
        alsoOn.isEmpty() ? DurablePostgres.LOOPBACK : DurablePostgres.LOOPBACK + "," + alsoOn);
    // No socket file: the default place for it is shared with every other server of the machine.
    server.put("unix_socket_directories", "");
    server.put("max_connections", Integer.toString(maxConnections));
    server.put("shared_buffers", sharedBuffers);
    server.put("max_wal_size", maxWalSize);
    server.put("min_wal_size", minWalSize);
    server.put("checkpoint_timeout", "5min");
    server.put("timezone", "UTC");
    // How stale routes are is measured from the commit of their change.
    server.put("track_commit_timestamp", "on");
    return server;
  }
}
