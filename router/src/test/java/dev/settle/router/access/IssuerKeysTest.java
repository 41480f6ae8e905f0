package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Issuer;
import dev.settle.router.testing.World;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {

  private static final Issuer ISSUER = Issuer.ec("ec-1");

  @Test
  void who_waits_for_a_reading_that_another_event_loop_began_goes_on_in_his_own_context()
      throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Promise<String> slow = Promise.promise();
      // Like an HTTP client's answer: heard of in the context of whoever asked.
      IssuerKeys keys =
          new IssuerKeys(vertx, () -> vertx.timer(1).compose(sent -> slow.future()), () -> {});
      Context first = ((VertxInternal) vertx).createEventLoopContext();
      Context second = ((VertxInternal) vertx).createEventLoopContext();
      Asked beginning = ask(first, keys, "ec-1");
      Asked waiting = ask(second, keys, "ec-1");
      Asked inVain = ask(second, keys, "made-up");
      slow.complete(Issuer.keySet(ISSUER));

      assertThat(beginning.wentOnIn()).isSameAs(first);
      assertThat(waiting.wentOnIn()).isSameAs(second);
      assertThat(inVain.wentOnIn()).isSameAs(second);
      Asked afterwards = ask(first, keys, "made-up, in the pause");
      assertThat(afterwards.wentOnIn()).isSameAs(first);
    } finally {
      World.await(vertx.close());
    }
  }

  private record Asked(CompletableFuture<Context> context) {

    Context wentOnIn() throws Exception {
      return context.get(10, TimeUnit.SECONDS);
    }
  }

  /** Asks for a key in that context, and is back when that has been done. */
  private static Asked ask(Context from, IssuerKeys keys, String keyId) throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Context> wentOn = new CompletableFuture<>();
    from.runOnContext(
        now -> {
          keys.of(keyId).onComplete(done -> wentOn.complete(Vertx.currentContext()));
          asked.complete(null);
        });
    asked.get(10, TimeUnit.SECONDS);
    return new Asked(wentOn);
  }
}
