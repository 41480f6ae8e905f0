package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.demo.display.Quantiles;
import org.junit.jupiter.api.Test;

class StalenessBucketsTest {

  @Test
  void quantilesAreSpreadEvenlyInTheirBucketAndNeverAboveTheLongest() {
    var buckets =
        StalenessBuckets.of(seconds -> seconds < 0.01 ? 0 : seconds < 0.05 ? 90 : 100, 100, 43.5);

    assertThat(buckets.quantiles()).isEqualTo(new Quantiles(7.78, 43.5, 43.5));
  }

  @Test
  void nothingMeasuredIsNothingSaid() {
    assertThat(StalenessBuckets.of(seconds -> 0, 0, 0).quantiles()).isEqualTo(Quantiles.NONE);
  }
}
