package dev.settle.load.stand;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Memory of a JVM on this machine, seen from outside: what the system has given it, and what of its
 * heap is in use. Asked over JMX, which costs it nothing but the question.
 */
public final class RouterProcess implements AutoCloseable {

  private static final String HEAP_POOLS = "java.lang:type=MemoryPool,*";

  private final long pid;
  private final JMXConnector connector;
  private final MBeanServerConnection server;
  private final MemoryMXBean memory;

  private RouterProcess(long pid, JMXConnector connector) throws IOException {
    this.pid = pid;
    this.connector = connector;
    this.server = connector.getMBeanServerConnection();
    this.memory =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
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
  public long heapBytes() {
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** What of the heap was in use after each pool was collected last, in bytes. */
  public long heapAfterCollectionBytes() throws IOException {
    try {
      long bytes = 0;
      for (ObjectName name : List.copyOf(server.queryNames(new ObjectName(HEAP_POOLS), null))) {
        MemoryPoolMXBean pool =
            ManagementFactory.newPlatformMXBeanProxy(
                server, name.getCanonicalName(), MemoryPoolMXBean.class);
        MemoryUsage after = pool.getCollectionUsage();
        bytes += after == null ? 0 : after.getUsed();
      }
      return bytes;
    } catch (javax.management.MalformedObjectNameException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Collects everything, and returns what of the heap is still in use, in bytes. */
  public long heapWithoutGarbageBytes() {
    memory.gc();
    return heapBytes();
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
