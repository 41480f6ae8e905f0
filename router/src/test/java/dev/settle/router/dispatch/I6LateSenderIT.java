package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.platform.Settings;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I6LateSenderIT {

  /** Where the sender reached the last line before the first byte, and how that ended. */
  private final CompletableFuture<Context> reached = new CompletableFuture<>();

  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private final Promise<Void> goOn = Promise.promise();

  /** A bank that executes twice what it gets twice, and that says soon that it got nothing. */
  private static SandboxConnector bank(Vertx vertx, Settings settings, RailMetrics metrics) {
    RailCapabilities usual = SandboxConnector.CAPABILITIES;
    RailCapabilities capabilities =
        new RailCapabilities(
            usual.bulkSize(),
            usual.enquiryBulk(),
            false,
            Duration.ofSeconds(2),
            false,
            Duration.ZERO,
            usual.normalTime(),
            true,
            usual.currencies(),
            usual.banks(),
            usual.largestMinor(),
            null);
    return new SandboxConnector(
        SandboxConnector.NAME,
        capabilities,
        vertx,
        settings.sandboxRail(),
        metrics,
        Duration.ofSeconds(5));
  }

  /** Stands still before it sends. */
  private final class Standing implements Rail {
    private final Rail rail;
    private final Vertx vertx;

    Standing(Rail rail, Vertx vertx) {
      this.rail = rail;
      this.vertx = vertx;
    }

    @Override
    public String name() {
      return rail.name();
    }

    @Override
    public RailCapabilities capabilities() {
      return rail.capabilities();
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by) {
      reached.complete(vertx.getOrCreateContext());
      return goOn.future()
          .compose(gone -> rail.send(transfers, by))
          .onSuccess(sent -> ended.complete(new AssertionError("it was sent")))
          .onFailure(ended::complete);
    }
  }

  @Test
  void what_stood_still_after_its_claim_is_not_sent_beside_the_attempt_that_followed(World world)
      throws Exception {
    world.rails(
        (vertx, settings, metrics) -> List.of(new Standing(bank(vertx, settings, metrics), vertx)));
    Api first = world.startNode(1);
    world.onboard(first, 1);
    String credit = first.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    Context sender = reached.get(30, TimeUnit.SECONDS);
    world.kill(0);

    world.rails((vertx, settings, metrics) -> List.of(bank(vertx, settings, metrics)));
    Api second = world.startNode(1);
    Awaitility.await("the other node has paid it by a new attempt")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                second
                    .get("/v1/credits/" + credit, Role.AUDITOR)
                    .json()
                    .path("status")
                    .asText()
                    .equals("POSTED"));
    sender.runOnContext(now -> goOn.complete());
    NodeSurgery.resume(world.node(0));

    assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(SendBy.TooLate.class);
    assertThat(world.booked()).extracting(Booking::endToEndId).containsExactly(credit + "-2");
  }
}
