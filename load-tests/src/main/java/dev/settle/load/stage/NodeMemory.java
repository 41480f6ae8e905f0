package dev.settle.load.stage;

import dev.settle.load.stand.RouterProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The memory of a router process on this machine, asked from beside without a word to the router,
 * on any system that the demo runs on. Blocking.
 */
public final class NodeMemory implements AutoCloseable {

  private static final long MEGABYTE = 1024 * 1024;
  private static final long UNKNOWN = -1;

  private final long pid;
  private final RouterProcess process;

  private NodeMemory(long pid, RouterProcess process) {
    this.pid = pid;
    this.process = process;
  }

  /** Looks at the process {@code pid}, a Java one of the same user. */
  public static NodeMemory of(long pid) throws IOException {
    return new NodeMemory(pid, RouterProcess.attach(pid));
  }

  /** Megabytes of heap in use, with what nobody needs and nobody has collected yet. */
  public long heapMb() throws IOException {
    return process.heapBytes() / MEGABYTE;
  }

  /** Megabytes of memory that the process holds; -1 when this system does not say. */
  public long residentMb() throws IOException, InterruptedException {
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
    String kilobytes =
        new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    return ps.waitFor() == 0 && !kilobytes.isEmpty() ? Long.parseLong(kilobytes) / 1024 : UNKNOWN;
  }

  @Override
  public void close() {
    process.close();
  }
}
