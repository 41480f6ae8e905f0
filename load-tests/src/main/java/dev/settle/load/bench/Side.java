package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** One of the two that a {@link dev.settle.load.stand.Duel} compares. */
interface Side {

  /**
   * Loads it for about so long, waits until nothing of it is left under way, and checks what it
   * did. Returns what was durable per second.
   */
  double measure(Duration length)
      throws RefusedSlice, IOException, SQLException, InterruptedException;
}
