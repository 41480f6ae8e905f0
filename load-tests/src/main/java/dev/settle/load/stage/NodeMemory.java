package dev.settle.load.stage;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The memory of a router process on this machine, asked from beside without a word to the router.
 * Blocking.
 */
public final class NodeMemory implements AutoCloseable {

  private static final long MEGABYTE = 1024 * 1024;
  private static final long UNKNOWN = -1;

  private final long pid;
  private final JMXConnector line;
  private final MemoryMXBean memory;

  private NodeMemory(long pid, JMXConnector line, MemoryMXBean memory) {
    this.pid = pid;
    this.line = line;
    this.memory = memory;
  }

  /** Looks at the process {@code pid}, a Java one of the same user. */
  @SuppressWarnings("BanJNDI") // The other end is a process that we have started.
  public static NodeMemory of(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        JMXConnector line =
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        MemoryMXBean memory =
            ManagementFactory.newPlatformMXBeanProxy(
                line.getMBeanServerConnection(),
                ManagementFactory.MEMORY_MXBEAN_NAME,
                MemoryMXBean.class);
        return new NodeMemory(pid, line, memory);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException impossible) {
      throw new IOException("the router's process " + pid + " cannot be looked at", impossible);
    }
  }

  /** Megabytes of heap in use, with what nobody needs and nobody has collected yet. */
  public long heapMb() {
    return memory.getHeapMemoryUsage().getUsed() / MEGABYTE;
  }

  /** Megabytes of memory that the process holds; -1 when this system does not say. */
  public long residentMb() throws IOException, InterruptedException {
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
    String kilobytes =
        new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    return ps.waitFor() == 0 && !kilobytes.isEmpty() ? Long.parseLong(kilobytes) / 1024 : UNKNOWN;
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
