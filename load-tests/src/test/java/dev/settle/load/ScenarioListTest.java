package dev.settle.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.scenario.LoadSimulation;
import dev.settle.load.scenario.Scenario;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is listed in several places is the same in all of them. */
class ScenarioListTest {

  @Test
  void the_readme_has_the_row_of_each_scenario_and_no_other() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String table =
        readme.substring(readme.indexOf("| scenario |"), readme.indexOf("Every one ramps up"));

    List<String> rows = table.lines().filter(line -> line.startsWith("| `")).toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Scenario.values())
                .map(s -> "| `" + s.text() + "` | " + s.stresses() + " | " + s.good() + " |")
                .toList());
  }

  @Test
  void help_and_list_name_each_scenario_with_what_it_stresses() {
    String help = Main.commandLine().getSubcommands().get("load").getUsageMessage();

    for (Scenario scenario : Scenario.values()) {
      assertThat(help).containsPattern("(?m)^  " + scenario.text() + " ");
      assertThat(LoadCommand.listed())
          .contains("  " + scenario.text() + " ")
          .contains(scenario.stresses());
    }
  }

  @Test
  void every_simulation_belongs_to_a_scenario() throws Exception {
    Set<Class<?>> played =
        Arrays.stream(Scenario.values())
            .flatMap(s -> s.simulations().stream())
            .collect(Collectors.toSet());

    assertThat(simulations()).isEqualTo(played);
  }

  private static Set<Class<?>> simulations() throws Exception {
    Path folder = Path.of(Scenario.class.getResource("Scenario.class").toURI()).getParent();
    Set<Class<?>> found = new java.util.HashSet<>();
    for (File file : Objects.requireNonNull(folder.toFile().listFiles())) {
      if (file.getName().endsWith(".class")) {
        String name = file.getName().substring(0, file.getName().length() - ".class".length());
        Class<?> type =
            Class.forName(
                "dev.settle.load.scenario." + name, false, Scenario.class.getClassLoader());
        if (LoadSimulation.class.isAssignableFrom(type)
            && !Modifier.isAbstract(type.getModifiers())) {
          found.add(type);
        }
      }
    }
    return found;
  }

  @Test
  void every_scenario_is_found_by_its_name() {
    for (Scenario scenario : Scenario.values()) {
      assertThat(Scenario.parse(scenario.text())).contains(scenario);
    }
    assertThat(Scenario.parse("STEADY")).isEmpty();
  }
}
