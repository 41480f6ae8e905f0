package dev.settle.load.faults;

import dev.settle.demo.node.NodeLaunch;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A router process on a host of its own, to be killed, paused and started again. Belongs to one
 * thread.
 */
final class RouterNode {

  private static final long STOP_SECONDS = 60;

  private final NodeLaunch launch;
  private final List<String> within;
  private @Nullable Process process;
  private boolean paused;

  RouterNode(NodeLaunch launch, List<String> within) {
    this.launch = launch;
    this.within = within;
  }

  void start() throws IOException {
    process = launch.start(within);
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** What a power cut does: no hook runs. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.waitFor();
    }
  }

  void pause() throws IOException, InterruptedException {
    paused = true;
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    paused = false;
    signal("CONT");
  }

  /** Asks it to stop, then kills it; true when it ended by itself. */
  boolean stop() throws IOException, InterruptedException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return true;
    }
    if (paused) {
      resume();
    }
    // Not Process.destroy(): that closes the pipe by which it knows that we live.
    running.toHandle().destroy();
    if (running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  String log() {
    return launch.log().toString();
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      throw new IOException(launch.name() + " does not run");
    }
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(running.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException(launch.name() + " cannot be sent SIG" + name);
    }
  }
}
