package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code settle add-node}: one more router joins the cluster of a running demo. */
@Command(
    name = "add-node",
    description = "Start one more router in a running demo; terminals use it once it is ready.",
    mixinStandardHelpOptions = true)
final class AddNodeCommand implements Callable<Integer> {

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The demo's data directory. Without it: the last demo of this checkout.")
  private @Nullable Path dataDirectory;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path chosen = dataDirectory == null ? LastDemo.find() : dataDirectory.toAbsolutePath();
    if (chosen == null || !isRunning(chosen)) {
      throw new ConfigurationException(
          (chosen == null ? "no demo runs" : "no demo runs on " + chosen)
              + ": start one with bin/settle demo --nodes 3, or name its --data-dir");
    }
    NodeWish wish = new NodeWish(chosen);
    if (!wish.make()) {
      throw new ConfigurationException("a node is being added already: wait until it is there");
    }
    String answer = await(wish, chosen);
    spec.commandLine().getOut().println(answer);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String await(NodeWish wish, Path demo) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (wish.isOpen() && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK_EVERY.toMillis());
      if (wish.isOpen() && !isRunning(demo)) {
        wish.drop();
      }
    }
    String answer = wish.answer();
    if (answer == null) {
      wish.drop();
      throw new ConfigurationException(
          "the demo did not answer: it has ended, or is about to (terminals have stopped)");
    }
    return answer;
  }

  private static boolean isRunning(Path demo) throws IOException {
    if (!Files.isDirectory(demo.resolve("postgres"))) {
      return false;
    }
    try (WorkingDirectory free = WorkingDirectory.lock(demo)) {
      return free == null;
    }
  }
}
