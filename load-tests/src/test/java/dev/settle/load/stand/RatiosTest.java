package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.stand.Ratios.Pair;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine that becomes slower or faster is in both halves of a pair, and so in no ratio. */
class RatiosTest {

  @Test
  void the_median_is_of_the_ratios_of_pairs() {
    Ratios ratios = new Ratios(List.of(new Pair(10, 10), new Pair(30, 10), new Pair(100, 50)));

    assertThat(ratios.ratio()).isEqualTo(2);
    assertThat(ratios.ratio(0)).isEqualTo(1);
    assertThat(ratios.ratio(1)).isEqualTo(3);
    assertThat(ratios.ratio(0.25)).isEqualTo(1.5);
    assertThat(ratios.one()).isEqualTo(30);
    assertThat(ratios.other()).isEqualTo(10);
  }

  @Test
  void the_json_calls_the_sides_by_their_names() {
    Ratios ratios = new Ratios(List.of(new Pair(10, 10), new Pair(90, 30)));

    assertThat(ratios.json("grown", "young"))
        .isEqualTo(
            new JsonObject()
                .put("grown", 50L)
                .put("young", 20L)
                .put("ratio", 2.0)
                .put(
                    "spread",
                    new JsonObject().put("min", 1.0).put("q1", 1.5).put("q3", 2.5).put("max", 3.0))
                .put("pairs", new JsonArray().add(pair(10, 10, 1)).add(pair(90, 30, 3))));
  }

  private static JsonObject pair(long grown, long young, double ratio) {
    return new JsonObject().put("grown", grown).put("young", young).put("ratio", ratio);
  }
}
