package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Name servers that do not answer take no more threads than there are, and keep none. */
class SystemResolverTest {

  private static final List<InetAddress> HERE = List.of(InetAddress.getLoopbackAddress());

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final SystemResolver resolver =
      new SystemResolver(
          vertx,
          host -> {
            asked.incrementAndGet();
            if (host.startsWith("mute")) {
              awaitAnswers();
            }
            return HERE;
          });

  private void awaitAnswers() {
    try {
      assertThat(answers.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() throws Exception {
    answers.countDown();
    World.await(vertx.close());
  }

  private static boolean isLate(Future<List<InetAddress>> answer) {
    return answer.failed() && answer.cause() instanceof TimeoutException;
  }

  @Test
  void a_host_that_nobody_answers_for_holds_one_thread_however_often_it_is_asked_for()
      throws Exception {
    List<Future<List<InetAddress>>> mute = new ArrayList<>();
    for (int i = 0; i < 3 * Limits.WEBHOOK_NAMES_AT_ONCE; i++) {
      mute.add(resolver.resolve("mute.example"));
    }
    assertThat(World.await(resolver.resolve("shop.example"))).isEqualTo(HERE);
    Awaitility.await("all have given up")
        .atMost(Limits.WEBHOOK_CONNECT.plus(Duration.ofSeconds(10)))
        .until(() -> mute.stream().allMatch(SystemResolverTest::isLate));
    assertThat(asked).hasValue(2);
    assertThat(World.await(resolver.resolve("shop.example"))).isEqualTo(HERE);
  }

  @Test
  void when_all_threads_are_taken_the_next_is_told_at_once_and_then_there_is_room_again()
      throws Exception {
    for (int i = 0; i < Limits.WEBHOOK_NAMES_AT_ONCE; i++) {
      var unused = resolver.resolve("mute" + i + ".example");
    }
    long from = System.nanoTime();
    Future<List<InetAddress>> refused = resolver.resolve("shop.example");
    Awaitility.await("it is told").atMost(Duration.ofSeconds(10)).until(() -> isLate(refused));
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Limits.WEBHOOK_CONNECT);
    answers.countDown();
    Awaitility.await("there is room again")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> World.await(resolver.resolve("shop.example").otherwise(List.of())).equals(HERE));
  }
}
