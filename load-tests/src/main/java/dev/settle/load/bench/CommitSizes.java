package dev.settle.load.bench;

import java.io.IOException;
import java.util.OptionalInt;

/** How many transactions the router's group commits held, from its metrics. */
record CommitSizes(double commits, double rows) {

  private static final String NAME = "settlement_commit_batch_size";

  static CommitSizes read(DemoProcess demo) throws IOException, InterruptedException {
    return parse(demo.metrics());
  }

  static CommitSizes parse(String scrape) {
    return new CommitSizes(sum(scrape, NAME + "_count"), sum(scrape, NAME + "_sum"));
  }

  private static double sum(String scrape, String series) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Rows of a commit since then, on average; empty when there was none. */
  OptionalInt since(CommitSizes before) {
    double made = commits - before.commits;
    return made == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.max(1, Math.round((rows - before.rows) / made)));
  }
}
