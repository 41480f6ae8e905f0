package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL alone, by {@code pgbench -M prepared}. */
final class PgbenchSide implements Side {

  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([\\d.]+)");
  private static final Pattern FAILED =
      Pattern.compile("(?m)^number of failed transactions: ([1-9].*)$");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Arena arena;
  private final String script;
  private final int clients;
  private final int rows;

  /**
   * @param script beside {@code load-tests/bench/run}
   * @param rows that each of its transactions inserts; the script knows it as {@code :rows}
   */
  PgbenchSide(Arena arena, String script, int clients, int rows) {
    this.arena = arena;
    this.script = script;
    this.clients = clients;
    this.rows = rows;
  }

  @Override
  public double measure(Duration length) throws RefusedSlice, IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("pgbench", "-n", "-M", "prepared", "-c", String.valueOf(clients)));
    command.addAll(List.of("-j", String.valueOf(Math.min(2, clients))));
    command.addAll(List.of("-T", String.valueOf(length.toSeconds())));
    command.addAll(List.of("-D", "rows=" + rows, "-D", "merchants=" + Arena.MERCHANTS));
    command.addAll(List.of("-f", arena.script(script)));
    Map<String, String> environment = arena.book().address().environment();
    return rows * parse(arena.programs().run(command, environment, length.plus(PATIENCE)));
  }

  static double parse(String printed) throws RefusedSlice {
    Matcher failed = FAILED.matcher(printed);
    if (failed.find()) {
      throw new RefusedSlice("pgbench says: failed transactions " + failed.group(1));
    }
    Matcher tps = TPS.matcher(printed);
    if (!tps.find()) {
      throw new RefusedSlice("pgbench's report has no tps");
    }
    return Double.parseDouble(tps.group(1));
  }
}
