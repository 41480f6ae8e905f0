package dev.settle.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.app.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LoadCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "load | name a scenario to load with: steady, peak-hour,",
        "load stormy | there is no scenario stormy; there are steady, peak-hour,",
        "load steady --rate 0 | --rate 0: a whole number from 1 to 100000 is expected",
        "load steady --merchants 0 | --merchants 0: a whole number from 1 to",
        "load steady --for 3s | --for: a run takes at least 5 s",
        "load steady --for soon | 'soon' is not a time such as 30s",
        "load steady --target localhost:8080 | --target localhost:8080: an address such as http://127.0.0.1:8080 is expected",
        "load steady --target http://192.0.2.1:80 | wants a token: --token TOKEN or SETTLE_LOAD_TOKEN",
        "load steady --target http://127.0.0.1 --token king=x | there is no such role",
        "load steady --target http://127.0.0.1 --bank here --token x | --bank here: an address",
        "load steady --what | Unknown option: '--what'",
      })
  void wrong_usage_is_one_line_that_says_what_is_expected(String line, String expected) {
    CommandLine command = Main.commandLine();
    StringWriter err = new StringWriter();
    command.setErr(new PrintWriter(err, true));
    command.getSubcommands().values().forEach(sub -> sub.setErr(new PrintWriter(err, true)));

    int code = Cli.run(command, line.strip().split(" "));

    assertThat(code).as(err.toString()).isEqualTo(Cli.USAGE);
    assertThat(err.toString().strip())
        .startsWith("settle: ")
        .contains(expected.strip())
        .hasLineCount(1);
  }

  @Test
  void a_run_has_the_defaults_of_its_scenario() {
    var steady = dev.settle.load.scenario.Scenario.STEADY;

    assertThat(
            new Order(steady, steady.defaults().rate(), steady.defaults().lasts(), 200).inWords())
        .isEqualTo("steady: 500 sales a second for 60 s over 200 merchants");
  }
}
