package dev.settle.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Runs that leaked nothing are flat; one that leaks buffers outside of the heap is not. */
class ProcessMemoryTest {

  @Test
  void what_honest_runs_came_to_is_flat() {
    assertThat(ProcessMemory.flatResident(528, 582)).isTrue();
    assertThat(ProcessMemory.flatResident(331, 537)).isTrue();
    assertThat(ProcessMemory.flatHeap(49, 102)).isTrue();
  }

  @Test
  void a_leak_of_buffers_is_seen_though_the_heap_is_flat() {
    long bodies = 400L * 5_000 * 250 / (1 << 20);
    assertThat(ProcessMemory.flatHeap(30, 31)).isTrue();
    assertThat(ProcessMemory.flatResident(528, 528 + bodies)).isFalse();
  }

  @Test
  void a_leak_on_the_heap_is_seen() {
    assertThat(ProcessMemory.flatHeap(30, 130)).isFalse();
  }
}
