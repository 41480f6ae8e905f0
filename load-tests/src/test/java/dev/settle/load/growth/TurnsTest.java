package dev.settle.load.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.growth.Turns.Slice;
import dev.settle.load.stand.Ratios.Pair;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The young book and the grown one take turns so that neither always has the better minute. */
class TurnsTest {

  private final List<String> order = new ArrayList<>();

  @Test
  void books_take_turns_and_neighbours_are_pairs() throws Exception {
    List<Pair> pairs = Turns.round(slice("young", 10, 40), slice("grown", 20, 30));

    assertThat(order).containsExactly("young", "grown", "grown", "young");
    assertThat(pairs).containsExactly(new Pair(20, 10), new Pair(30, 40));
  }

  private Slice slice(String name, double... rates) {
    Iterator<Double> left = DoubleStream.of(rates).iterator();
    return () -> {
      order.add(name);
      return left.next();
    };
  }
}
