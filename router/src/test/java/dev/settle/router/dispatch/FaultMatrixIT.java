package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.invariant.Witnesses.Acknowledgement;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.reconciliation.Reconciled;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way in which a bank misbehaves, one after the other under traffic, with and without a crash
 * of the router in the middle of each, at a bank that executes an id once and at one that must be
 * asked first. Whatever it does: each end-to-end id is booked at most once, each credit is paid at
 * most once, and everything ends posted, returned, or waiting with a reason.
 */
@ExtendWith(InvariantsHold.class)
class FaultMatrixIT {

  private static final int MERCHANTS = 40;
  private static final int PHASE_MILLIS = 500;

  /** A return is booked, and told, so long after the credit at the latest. */
  private static final Duration RETURNS_WITHIN = Duration.ofSeconds(6);

  /** The bank's name of a fault, and what switches it on. */
  private static final Map<String, String> FAULTS = new LinkedHashMap<>();

  static {
    FAULTS.put("hangRate", "{\"hangRate\":0.2}");
    FAULTS.put("hangBeforeBookingRate", "{\"hangBeforeBookingRate\":0.2}");
    FAULTS.put("dropAfterBookingRate", "{\"dropAfterBookingRate\":0.3}");
    FAULTS.put("dropBeforeBookingRate", "{\"dropBeforeBookingRate\":0.3}");
    FAULTS.put("error5xxRate", "{\"error5xxRate\":0.3}");
    FAULTS.put("error5xxAfterBookingRate", "{\"error5xxAfterBookingRate\":0.3}");
    FAULTS.put("wrongBodyRate", "{\"wrongBodyRate\":0.3}");
    FAULTS.put("slowDripRate", "{\"slowDripRate\":0.2}");
    FAULTS.put("rejectRate", "{\"rejectRate\":0.1}");
    FAULTS.put("unmappedRate", "{\"unmappedRate\":0.05}");
    FAULTS.put("partialRate", "{\"partialRate\":0.1}");
    FAULTS.put("acceptedOnlyRate", "{\"acceptedOnlyRate\":0.1}");
    FAULTS.put("dropNotificationRate", "{\"acceptedOnlyRate\":0.2,\"dropNotificationRate\":0.7}");
    FAULTS.put("returnRate", "{\"returnRate\":0.05}");
    FAULTS.put("enquiryErrorRate", "{\"dropAfterBookingRate\":0.3,\"enquiryErrorRate\":0.5}");
    FAULTS.put("down", "{\"down\":true}");
    FAULTS.put("slowAccount", "{\"slowAccount\":\"9101\",\"slowMs\":4000}");
    FAULTS.put(
        "duplicateNotificationRate",
        "{\"notifyAll\":true,\"partialRate\":0.1,\"duplicateNotificationRate\":0.5}");
    FAULTS.put(
        "lateNotificationMs",
        "{\"notifyAll\":true,\"acceptedOnlyRate\":0.1,\"lateNotificationMs\":3000}");
    FAULTS.put(
        "shuffleNotifications",
        "{\"notifyAll\":true,\"returnRate\":0.1,\"acceptedOnlyRate\":0.1,\"shuffleNotifications\":true}");
    FAULTS.put(
        "unknownNotificationRate",
        "{\"notifyAll\":true,\"rejectRate\":0.1,\"unknownNotificationRate\":0.1}");
    FAULTS.put(
        "returnBeforeConfirmation",
        "{\"notifyAll\":true,\"hangRate\":0.1,\"returnRate\":0.2,\"returnBeforeConfirmation\":true}");
  }

  private static RailCapabilities capabilities(boolean executesOnce) {
    RailCapabilities usual = SandboxConnector.CAPABILITIES;
    return new RailCapabilities(
        usual.bulkSize(),
        usual.enquiryBulk(),
        executesOnce,
        Duration.ofSeconds(3),
        false,
        Duration.ZERO,
        usual.normalTime(),
        true,
        usual.currencies(),
        usual.banks(),
        usual.largestMinor(),
        null);
  }

  @ParameterizedTest(name = "bank executes an id once: {0}, the router crashes: {1}")
  @CsvSource({"true,false", "false,true"})
  void whatever_the_bank_does_each_credit_is_paid_at_most_once_and_explained(
      boolean executesOnce, boolean crash, World world) throws Exception {
    Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
    world.rails(
        (vertx, settings, metrics) -> {
          vertx.exceptionHandler(unhandled::add);
          return List.of(
              new SandboxConnector(
                  SandboxConnector.NAME,
                  capabilities(executesOnce),
                  vertx,
                  settings.sandboxRail(),
                  metrics,
                  Duration.ofSeconds(2)));
        });
    BankControl bank = new BankControl(world.bankPort());
    Deque<Api> nodes = new ArrayDeque<>(List.of(world.startNode(1), world.startNode(1)));
    world.onboard(nodes.peek(), MERCHANTS);
    bank.notify(SignedNotices.address(nodes.getFirst()), SignedNotices.secretOf(world));
    long seed = Seeds.of(this);

    int sales = 0;
    int killed = 0;
    Map<String, Long> fired = new LinkedHashMap<>();
    for (Map.Entry<String, String> fault : FAULTS.entrySet()) {
      awaitUsable(world);
      long before = bank.fired(fault.getKey());
      bank.faults(fault.getValue());
      Traffic first = Traffic.start(List.of(nodes.getFirst()), MERCHANTS, 1, 40, seed + sales);
      Traffic second = Traffic.start(List.of(nodes.getLast()), MERCHANTS, 1, 40, seed - sales);
      TimeUnit.MILLISECONDS.sleep(PHASE_MILLIS);
      Awaitility.await(fault.getKey() + " has fired")
          .atMost(Duration.ofSeconds(30))
          .until(() -> bank.fired(fault.getKey()) > before);
      first.stop();
      if (crash) {
        // Everything was acknowledged a moment ago, and little of it is settled.
        world.kill(killed++);
        nodes.removeFirst();
        nodes.addLast(world.startNode(1));
        bank.notify(SignedNotices.address(nodes.getFirst()), SignedNotices.secretOf(world));
      }
      second.stop();
      bank.faults("{}");
      sales += first.sales() + second.sales();
      fired.put(fault.getKey(), bank.fired(fault.getKey()) - before);
    }
    System.out.println(
        "sales and replays " + sales + ", routers killed " + killed + ", fired " + fired);

    awaitTheEnd(world);
    Awaitility.await("the bank has nothing more to tell")
        .atMost(Duration.ofSeconds(90))
        .during(RETURNS_WITHIN)
        .until(() -> bank.fired("notificationsWaiting") == 0);
    // A router that is killed may stumble over what it lost.
    assertThat(crash ? List.of() : unhandled).as("what nobody handled").isEmpty();
    assertThat(fired.values()).as("every fault fired: " + fired).allMatch(count -> count > 0);
    System.out.println("breaks " + breaks(world));
    assertThat(breaks(world).keySet()).as("what does not fit").isSubsetOf("UNKNOWN_TRANSFER");
    List<Booking> booked = world.booked();
    assertThat(booked).extracting(Booking::endToEndId).doesNotHaveDuplicates();
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM credit_standing"
                    + " WHERE posted_minor < amount_minor AND (reason IS NULL OR status NOT IN"
                    + " ('HELD', 'RETURNED', 'PARTIALLY_POSTED'))"))
        .as("neither posted, returned, nor waiting with a reason")
        .isZero();
    assertThat(Reconciled.run(world).found()).as("where the bank's statement differs").isEmpty();
    assertThat(world.queryLong("SELECT count(*) FROM credit"))
        .isEqualTo(world.acknowledged().stream().map(Acknowledgement::creditId).distinct().count());
  }

  private static Map<String, Long> breaks(World world) throws Exception {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String kind : List.of("UNKNOWN_TRANSFER", "LATE_SUCCESS", "CONTRADICTION")) {
      long count =
          world.queryLong("SELECT count(*) FROM settlement_break WHERE kind = '" + kind + "'");
      if (count > 0) {
        counts.put(kind, count);
      }
    }
    return counts;
  }

  /** A rail that is left alone meets no fault. */
  private static void awaitUsable(World world) {
    Awaitility.await("the rail is used")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM rail_outage o JOIN node_lease n USING (node_id) WHERE n.lease_until > now()")
                    == 0);
  }

  private static void awaitTheEnd(World world) {
    Awaitility.await("nothing is in doubt or at the bank any more")
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                world.queryLong(
                            "SELECT count(*) FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')")
                        + world.queryLong(
                            "SELECT count(*) FROM credit_exception"
                                + " WHERE closed_at IS NULL AND (kind IN ('PENDING', 'DOUBT')"
                                + " OR kind = 'RETURNED' AND money_back_at IS NULL)")
                    == 0);
  }
}
