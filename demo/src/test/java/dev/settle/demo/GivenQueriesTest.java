package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class GivenQueriesTest {

  @Test
  void aComparisonAnswersWhateverItFinds() {
    assertThat(GivenQueries.undecided("max by (rail) (x{reason!=\"A\"}) > 3 * 86400"))
        .isEqualTo("max by (rail) (x{reason!=\"A\"}) > bool 3 * 86400");
    assertThat(GivenQueries.undecided("a < on () group_left () b"))
        .isEqualTo("a < bool on () group_left () b");
    assertThat(GivenQueries.undecided("x == 1 or y >= z")).isEqualTo("x == bool 1 or y >= bool z");
  }

  @Test
  void everyPlaceWithQueriesIsRead() throws IOException {
    assertThat(GivenQueries.ofDashboards()).isNotEmpty();
    assertThat(GivenQueries.ofRecordingRules()).isNotEmpty();
    assertThat(GivenQueries.ofAlerts()).isNotEmpty();
    assertThat(GivenQueries.ofExamples()).isNotEmpty();
  }
}
