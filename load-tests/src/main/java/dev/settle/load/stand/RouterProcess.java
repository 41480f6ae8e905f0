package dev.settle.load.stand;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Memory of a JVM on this machine, seen from outside: what the system has given it, and what of its
 * heap is in use. Asked over JMX, which costs it nothing but the question.
 */
public final class RouterProcess implements AutoCloseable {

  private final long pid;
  private final JMXConnector connector;
  private final MemoryMXBean memory;

  private RouterProcess(long pid, JMXConnector connector) throws IOException {
    this.pid = pid;
    this.connector = connector;
    this.memory =
        ManagementFactory.newPlatformMXBeanProxy(
            connector.getMBeanServerConnection(),
            ManagementFactory.MEMORY_MXBEAN_NAME,
            MemoryMXBean.class);
  }

  /** Attaches to a JVM of the same user. */
  @SuppressWarnings("BanJNDI") // The address is that of the agent which was just started there.
  public static RouterProcess attach(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
      try {
        String address = machine.startLocalManagementAgent();
        return new RouterProcess(pid, JMXConnectorFactory.connect(new JMXServiceURL(address)));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException refused) {
      throw new IOException("process " + pid + " lets nobody look at its memory", refused);
    }
  }

  /** What the system has given it, in bytes. */
  public long residentBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .findFirst()
          .orElse(0);
    }
  }

  /** What of the heap is in use, garbage included, in bytes. */
  public long heapBytes() throws IOException {
    return asked(() -> memory.getHeapMemoryUsage().getUsed());
  }

  /** Collects everything, and returns what of the heap is still in use, in bytes. */
  public long heapWithoutGarbageBytes() throws IOException {
    return asked(
        () -> {
          memory.gc();
          return memory.getHeapMemoryUsage().getUsed();
        });
  }

  /** A proxy says in an exception of its own that nobody answers. */
  private static long asked(LongSupplier question) throws IOException {
    try {
      return question.getAsLong();
    } catch (UndeclaredThrowableException noAnswer) {
      throw new IOException("the router's JVM does not answer", noAnswer.getUndeclaredThrowable());
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException gone) {
      // With the process: there is nothing to be closed.
    }
  }
}
