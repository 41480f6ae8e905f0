package dev.settle.router.telemetry;

import static dev.settle.router.telemetry.MetricName.CPU_SECONDS;
import static dev.settle.router.telemetry.MetricName.DIRECT_MEMORY;
import static dev.settle.router.telemetry.MetricName.GC_SECONDS;
import static dev.settle.router.telemetry.MetricName.HEAP_MAX;
import static dev.settle.router.telemetry.MetricName.HEAP_USED;
import static dev.settle.router.telemetry.MetricName.UPTIME;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.DoubleSupplier;

/** What this node's process uses, read from the JVM at each scrape. */
public final class ProcessGauges {

  private ProcessGauges() {}

  /** Registers them. */
  public static void show(PrometheusMeterRegistry registry) {
    gauge(registry, HEAP_USED, () -> heap().getUsed());
    gauge(registry, HEAP_MAX, () -> heap().getMax());
    gauge(registry, DIRECT_MEMORY, PlatformDependent::usedDirectMemory);
    gauge(registry, UPTIME, () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    counter(registry, GC_SECONDS, ProcessGauges::collecting);
    counter(registry, CPU_SECONDS, ProcessGauges::processorTime);
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  private static double collecting() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .filter(millis -> millis > 0)
            .sum()
        / 1e3;
  }

  private static double processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  private static void gauge(
      PrometheusMeterRegistry registry, MetricName name, DoubleSupplier value) {
    Gauge.builder(name.meterName(), value, DoubleSupplier::getAsDouble)
        .description(name.help())
        .strongReference(true)
        .register(registry);
  }

  /** The registry keeps what it counts weakly; itself it has as long as anybody asks. */
  private static void counter(
      PrometheusMeterRegistry registry, MetricName name, DoubleSupplier value) {
    FunctionCounter.builder(name.meterName(), registry, of -> value.getAsDouble())
        .description(name.help())
        .register(registry);
  }
}
