package dev.settle.demo;

import dev.settle.demo.node.NodeClient;
import dev.settle.demo.terminal.Merchants;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Brings the demo's merchants to the router, through its public API. A second start on the same
 * data finds them there.
 */
final class Onboarding {

  private static final int LINES_PER_CALL = 500;
  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A conflict is a merchant of an earlier run whose profile somebody has changed since. */
  private static final Set<String> THERE = Set.of("ONBOARDED", "REPLAYED", "CONFLICT");

  private final NodeClient client;
  private final int port;
  private final String token;
  private final StopSignal stop;

  Onboarding(NodeClient client, int port, String token, StopSignal stop) {
    this.client = client;
    this.port = port;
    this.token = token;
    this.stop = stop;
  }

  /**
   * Onboards merchants 1 to {@code merchants}. Throws {@link IOException} when the router refuses
   * one or does not answer.
   */
  void onboard(int merchants) throws IOException, InterruptedException {
    for (int first = 1; first <= merchants && !stop.raised(); first += LINES_PER_CALL) {
      onboard(first, Math.min(merchants, first + LINES_PER_CALL - 1));
    }
  }

  private void onboard(int first, int last) throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int merchant = first; merchant <= last; merchant++) {
      lines.append(Merchants.document(merchant).encode()).append('\n');
    }
    for (int attempt = 1; ; attempt++) {
      try {
        requireTaken(
            client.postLines(port, "/v1/merchants/bulk", token, lines.toString()),
            last - first + 1);
        return;
      } catch (IOException e) {
        // A replay of merchants that are there already changes nothing, so that asking again is
        // safe.
        if (attempt == ATTEMPTS || stop.await(PAUSE)) {
          throw e;
        }
      }
    }
  }

  private static void requireTaken(NodeClient.Answer answer, int merchants) throws IOException {
    if (answer.status() != 200) {
      throw new IOException("onboarding was answered " + answer.status() + ": " + answer.body());
    }
    List<String> results = answer.body().lines().toList();
    if (results.size() != merchants) {
      throw new IOException(
          "onboarding of " + merchants + " merchants was answered for " + results.size());
    }
    for (String result : results) {
      requireTaken(result);
    }
  }

  private static void requireTaken(String result) throws IOException {
    String outcome;
    try {
      outcome = new JsonObject(result).getString("outcome", "");
    } catch (DecodeException | ClassCastException notAResult) {
      outcome = "";
    }
    if (!THERE.contains(outcome)) {
      throw new IOException("a merchant was not onboarded: " + result);
    }
  }
}
