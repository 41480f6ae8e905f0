package dev.settle.load;

import java.io.IOException;
import java.util.List;

/**
 * Which processors the router and who sends run on. Where both share them, a flood takes from the
 * router what its sender needs, and what is measured is the machine.
 *
 * @param inWords for people
 * @param ofTheRouter the program that starts the demo on its processors, or none
 */
record Cores(String inWords, List<String> ofTheRouter) {

  static final Cores SHARED =
      new Cores("shared by router, database, bank and who sends", List.of());

  /**
   * Takes the upper half of the processors for this process, from now on, and leaves the lower half
   * to the demo; without {@code taskset}, or with one processor, all share all.
   */
  static Cores apart() throws IOException, InterruptedException {
    int all = Runtime.getRuntime().availableProcessors();
    int half = all / 2;
    if (half < 1 || !moved(half + "-" + (all - 1))) {
      return SHARED;
    }
    String lower = "0-" + (half - 1);
    return new Cores(
        half + " of " + all + " for router, database and bank, the others for who sends",
        List.of("taskset", "--cpu-list", lower));
  }

  private static boolean moved(String processors) throws InterruptedException, IOException {
    try {
      return new ProcessBuilder(
                  "taskset",
                  "--all-tasks",
                  "--cpu-list",
                  "--pid",
                  processors,
                  Long.toString(ProcessHandle.current().pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }
}
