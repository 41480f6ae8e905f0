package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.client.RefusedSlice;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A run that has no result ends with one line; with 1 only when the router is at fault. */
class EndedTest {

  private final StringWriter said = new StringWriter();

  @Command(name = "run")
  record Run(Exception failure) implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }

  private int ended(Exception failure, String... arguments) {
    CommandLine line = new CommandLine(new Run(failure)).setErr(new PrintWriter(said, true));
    return Ended.execute(line, "run", arguments);
  }

  @Test
  void what_the_router_did_is_a_broken_promise() {
    assertThat(ended(new BrokenPromise("an account's status: 500"))).isEqualTo(1);
    assertThat(ended(new RefusedSlice("wrk says: Non-2xx"))).isEqualTo(1);
    assertThat(ended(new HttpTimeoutException("request timed out"))).isEqualTo(1);
    assertThat(said.toString().lines())
        .containsExactly(
            "run: an account's status: 500", "run: wrk says: Non-2xx", "run: request timed out");
  }

  @Test
  void a_router_that_ended_by_itself_is_a_broken_promise_whatever_is_seen_of_it() {
    IOException refused = new IOException("connection refused");
    refused.addSuppressed(new BrokenPromise("the router ended by itself"));
    assertThat(ended(refused)).isEqualTo(1);
    assertThat(said.toString()).isEqualToNormalizingNewlines("run: the router ended by itself\n");
  }

  @Test
  void what_keeps_a_run_from_being_made_is_not() {
    assertThat(ended(new IOException("no space left"))).isEqualTo(2);
    assertThat(ended(new ConfigurationException("--rounds 0: from 1 to 9 is expected")))
        .isEqualTo(2);
    assertThat(ended(new NotMeasured("the host took 10 % of the processors away"))).isEqualTo(2);
    assertThat(ended(new InterruptedException())).isEqualTo(2);
    assertThat(said.toString().lines())
        .containsExactly(
            "run: could not run: java.io.IOException: no space left",
            "run: could not run: --rounds 0: from 1 to 9 is expected",
            "run: could not run: the host took 10 % of the processors away",
            "run: ended before its time; nothing is left running");
  }

  @Test
  void a_wrong_option_is_not_and_neither_is_a_mistake_of_ours() {
    assertThat(ended(new IOException("never"), "--no-such-option")).isEqualTo(2);
    assertThat(ended(new IllegalStateException("a mistake of ours"))).isEqualTo(2);
  }
}
