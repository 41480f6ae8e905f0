package dev.settle.load.faults;

import java.time.Duration;

/** What is done to the system on purpose, for how long. */
enum Fault {
  KILL_NODE("kill -9 of a node, started again", 1, 10),
  PAUSE_NODE("SIGSTOP of a node, SIGCONT", 5, 60),
  KILL_ALL_NODES("kill -9 of every node at once: all that Hazelcast held is lost", 1, 4),
  SPLIT("a node is cut off from the other nodes", 15, 60),
  SPLIT_STORM("the same, and cards are changed on its side alone, at twice the rate", 15, 60),
  CUT_FROM_DATABASE("a node is cut off from the database", 5, 30),
  ISOLATE("a node is cut off from everything", 5, 30),
  LOSE_PACKETS("a node loses every tenth packet that it should receive", 10, 30),
  NARROW_LINE("a node sends 2 Mbit/s at most, what waits is late", 10, 30),
  KILL_DATABASE("kill -9 of PostgreSQL, started again", 1, 5),
  ROLLING_RESTART(
      "SIGTERM of every node, one after the other, each started again; no request may fail", 1, 5);

  private final String what;
  private final int leastSeconds;
  private final int mostSeconds;

  Fault(String what, int leastSeconds, int mostSeconds) {
    this.what = what;
    this.leastSeconds = leastSeconds;
    this.mostSeconds = mostSeconds;
  }

  String what() {
    return what;
  }

  /** How long it lasts at least; of a rolling restart the pause after each node. */
  Duration least() {
    return Duration.ofSeconds(leastSeconds);
  }

  /** How long it lasts at most. */
  Duration most() {
    return Duration.ofSeconds(mostSeconds);
  }

  /** Whether it befalls one node, and not all of them or the database. */
  boolean ofOneNode() {
    return this != KILL_ALL_NODES && this != KILL_DATABASE && this != ROLLING_RESTART;
  }
}
