package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A fifth, or what is noise. */
class FlatMemoryTest {

  @Test
  void what_grows_by_a_fifth_or_by_noise_is_flat() {
    assertThat(FlatMemory.is(500, 600)).isTrue();
    assertThat(FlatMemory.is(500, 601)).isFalse();
    assertThat(FlatMemory.is(30, 46)).isTrue();
    assertThat(FlatMemory.is(30, 47)).isFalse();
    assertThat(FlatMemory.is(30, 1)).isTrue();
  }
}
