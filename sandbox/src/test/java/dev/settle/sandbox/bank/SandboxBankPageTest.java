package dev.settle.sandbox.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SandboxBankPageTest {
  private static final Pattern FAULT_ROW =
      Pattern.compile("(?m)^\\| `([A-Za-z0-9]+)` \\|.*\\|.*\\|$");

  @Test
  void thePageNamesEveryFaultInTheOrderInWhichItIsTriedAndNoOther() throws IOException {
    String page = Files.readString(Path.of("../docs/operating/sandbox-bank.md"));
    String faults = page.substring(page.indexOf("## Faults"), page.indexOf("## Notifications"));

    List<String> named =
        FAULT_ROW.matcher(faults).results().map((MatchResult row) -> row.group(1)).toList();

    assertThat(named).containsExactlyElementsOf(Fault.fields());
  }
}
