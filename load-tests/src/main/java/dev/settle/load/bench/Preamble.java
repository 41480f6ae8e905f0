package dev.settle.load.bench;

import dev.settle.load.stand.Progress;
import dev.settle.router.platform.ConfigurationException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures hold for: the machine, and what durable means here. */
final class Preamble {

  private static final Duration FLUSHING = Duration.ofMillis(500);

  private final Map<String, String> lines = new LinkedHashMap<>();

  Preamble(Arena arena) throws IOException, SQLException {
    Book book = arena.book();
    lines.put(
        "machine",
        Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", Java "
            + Runtime.version());
    lines.put("database", "PostgreSQL " + book.text("SHOW server_version"));
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      lines.put(setting, book.text("SHOW " + setting));
    }
    lines.put("wal_sync_method", book.text("SHOW wal_sync_method"));
    lines.put("file system", onDisk(arena.demo().data()));
    FlushLatency flush = FlushLatency.measure(arena.demo().data(), FLUSHING);
    lines.put(
        "flush",
        "one page durable on this disk in "
            + flush.p50()
            + " µs (p50), "
            + flush.p99()
            + " µs (p99)");
  }

  /** The kind of file system that the database is on. */
  private static String onDisk(Path data) throws IOException {
    String type = Files.getFileStore(data).type();
    if (type.equals("tmpfs") || type.equals("ramfs")) {
      throw new ConfigurationException(
          data
              + " is in memory ("
              + type
              + "), where nothing is durable and nothing costs; name a folder on a disk with"
              + " JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
    }
    return type;
  }

  void print(Progress progress) {
    lines.forEach((name, value) -> progress.say("%-18s %s", name, value));
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    lines.forEach(json::put);
    return json;
  }
}
