package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is gone has no memory to look at, and whoever looks hears so. */
@Timeout(60)
class RouterProcessTest {

  /** A JVM that does nothing for a minute at most. */
  static final class Idle {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.write('x');
      System.out.flush();
      TimeUnit.MINUTES.sleep(1);
    }
  }

  @Test
  void one_that_ends_is_an_error_of_input() throws Exception {
    Process idle =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Idle.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(idle.getInputStream().read()).isEqualTo('x');
      try (RouterProcess process = RouterProcess.attach(idle.pid())) {
        assertThat(process.heapBytes()).isPositive();
        assertThat(process.heapWithoutGarbageBytes()).isPositive();

        idle.destroyForcibly().waitFor();

        assertThatThrownBy(process::heapBytes)
            .isInstanceOf(IOException.class)
            .hasMessage("the router's JVM does not answer");
      }
    } finally {
      idle.destroyForcibly().waitFor();
    }
  }
}
