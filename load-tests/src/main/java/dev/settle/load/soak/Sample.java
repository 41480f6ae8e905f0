package dev.settle.load.soak;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was seen at one time, and since the time before.
 *
 * @param seconds since the first sample
 * @param perSecond transactions accepted, since the sample before
 * @param p50Millis of single transactions from request to durable answer, since the sample before
 * @param unposted credits
 * @param residentBytes of the router
 * @param heapBytes of the router, garbage included
 * @param tables by name
 * @param checkpoints of the server, from its beginning on
 * @param walBytes of the server, from its beginning on
 */
record Sample(
    double seconds,
    double perSecond,
    double p50Millis,
    double p99Millis,
    long unposted,
    long residentBytes,
    long heapBytes,
    Map<String, TableSize> tables,
    long checkpoints,
    long walBytes) {

  private static final double MEGABYTE = 1024.0 * 1024;

  TableSize table(String name) {
    return tables.getOrDefault(name, TableSize.NONE);
  }

  double residentMegabytes() {
    return residentBytes / MEGABYTE;
  }

  double heapMegabytes() {
    return heapBytes / MEGABYTE;
  }

  long vacuums() {
    return tables.values().stream().mapToLong(TableSize::vacuums).sum();
  }

  /** The names of {@link #csv}'s columns. */
  static String header(List<String> tables) {
    return "seconds,per_second,p50_ms,p99_ms,unposted,resident_mb,heap_mb,checkpoints,wal_bytes,"
        + tables.stream()
            .map(
                name ->
                    String.join(
                        ",",
                        name + "_live",
                        name + "_dead",
                        name + "_bytes",
                        name + "_index_bytes",
                        name + "_vacuums"))
            .collect(Collectors.joining(","));
  }

  String csv(List<String> names) {
    return String.format(
            Locale.ROOT,
            "%.1f,%.1f,%.3f,%.3f,%d,%.1f,%.1f,%d,%d,",
            seconds,
            perSecond,
            p50Millis,
            p99Millis,
            unposted,
            residentMegabytes(),
            heapMegabytes(),
            checkpoints,
            walBytes)
        + names.stream().map(name -> csv(table(name))).collect(Collectors.joining(","));
  }

  private static String csv(TableSize table) {
    return table.live()
        + ","
        + table.dead()
        + ","
        + table.bytes()
        + ","
        + table.indexBytes()
        + ","
        + table.vacuums();
  }
}
