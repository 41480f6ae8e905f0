package dev.settle.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/settle load} from outside, as short as it can be. Times are not looked at: other tests
 * run beside it.
 */
class LoadIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void a_scenario_plays_against_a_demo_of_its_own_and_ends_with_the_verification()
      throws Exception {
    String printed = run("hot-merchant", "--for", "8s", "--rate", "40", "--merchants", "10");

    assertThat(printed)
        .contains("kept    every sale was accepted")
        .contains("kept    every hot-sale was accepted")
        .contains("kept    a sale after the answer to the approval goes to the new card")
        .contains("kept    no credit was sent to a superseded card")
        .contains("kept    everything accepted was posted")
        .contains("kept    verify: every invariant holds");
    assertThat(Files.readString(report(printed))).contains("HotMerchant");
  }

  private static Path report(String printed) {
    Matcher line = Pattern.compile("(?m)^Report +(.+index\\.html)$").matcher(printed);
    assertThat(line.find()).as(printed).isTrue();
    Path report = Path.of(line.group(1));
    assertThat(report).startsWith(CheckoutScript.CHECKOUT.resolve("load-tests/target"));
    return report;
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("load"));
    all.addAll(List.of(arguments));
    CheckoutScript.Ended ended = CheckoutScript.run(folder, PATIENCE, "bin/settle", all);
    assertThat(ended.code()).as(ended.printed()).isIn(0, 1);
    return ended.printed();
  }
}
