package dev.settle.load.bench.lookup;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What look-ups took, in nanoseconds.
 *
 * @param samples look-ups that were timed
 * @param late look-ups that the cluster's map did not answer in time
 */
public record Timings(long p50, long p99, long mean, long samples, long late) {

  static String file(Lookup lookup, int members) {
    return lookup.name().toLowerCase(Locale.ROOT) + "-" + members + ".json";
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JsonObject.mapFrom(this).encode());
  }

  /** Reads what a trial left in a folder. */
  public static Timings read(Path folder, Lookup lookup, int members) throws IOException {
    return new JsonObject(Files.readString(folder.resolve(file(lookup, members))))
        .mapTo(Timings.class);
  }

  /** For the report. */
  public JsonObject json() {
    return JsonObject.mapFrom(this);
  }
}
