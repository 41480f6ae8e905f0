package dev.settle.load;

import java.io.IOException;
import java.util.List;

/**
 * Which processors the router and who sends run on. Where both share them, a flood takes from the
 * router what its sender needs, and what is measured is the machine.
 *
 * @param inWords for people
 * @param ofTheRouter the program that starts the demo on its processors, or none
 * @param ofOthers the processors that are not the router's, or empty
 */
record Cores(String inWords, List<String> ofTheRouter, String ofOthers) {

  static final Cores SHARED =
      new Cores("shared by router, database, bank and who sends", List.of(), "");

  /**
   * Takes the upper half of the processors for this process, from now on, and leaves the lower half
   * to the demo; without {@code taskset}, or with one processor, all share all.
   */
  static Cores apart() throws IOException, InterruptedException {
    int all = Runtime.getRuntime().availableProcessors();
    int half = all / 2;
    String upper = half + "-" + (all - 1);
    if (half < 1 || !moved(ProcessHandle.current().pid(), upper)) {
      return SHARED;
    }
    String lower = "0-" + (half - 1);
    return new Cores(
        half + " of " + all + " for router and database, the others for who sends and the bank",
        List.of("taskset", "--cpu-list", lower),
        upper);
  }

  /**
   * Moves the demo's first process, in which the bank runs, to who sends: a bank that collects its
   * garbage takes nothing from the router. What it has started stays where it is.
   */
  void moveBank(long pid) throws IOException, InterruptedException {
    if (!ofOthers.isEmpty() && !moved(pid, ofOthers)) {
      throw new IOException("taskset does not move the bank's process " + pid);
    }
  }

  private static boolean moved(long pid, String processors)
      throws InterruptedException, IOException {
    try {
      return new ProcessBuilder(
                  "taskset", "--all-tasks", "--cpu-list", "--pid", processors, Long.toString(pid))
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
