package dev.settle.load.stage;

import java.util.Locale;

/**
 * The router at one moment, by its own metrics and by its process; -1 is not known.
 *
 * @param second since the run began
 * @param phase of the run
 * @param accepted transactions since the router started
 * @param posted credits since the router started
 * @param unposted credits that are owed and not posted
 * @param railOut of these, those that wait because their rail is out
 * @param queue transactions that wait for a commit
 * @param answers of any kind since the sample before
 * @param p99Millis of these
 * @param heapMb megabytes of the router's heap in use, what can be collected included
 * @param residentMb megabytes of memory that the router's process holds
 */
public record Sample(
    long second,
    String phase,
    long accepted,
    long posted,
    long unposted,
    long railOut,
    long queue,
    long answers,
    long p99Millis,
    long heapMb,
    long residentMb) {

  static final String HEAD =
      "second,phase,accepted,posted,unposted,rail_out,queue,answers,p99_ms,heap_mb,resident_mb";

  String line() {
    return String.format(
        Locale.ROOT,
        "%d,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d",
        second,
        phase,
        accepted,
        posted,
        unposted,
        railOut,
        queue,
        answers,
        p99Millis,
        heapMb,
        residentMb);
  }
}
