package dev.settle.router.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.cardchange.Applications;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.World;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Merchants of every kind, whose terminals sell on a thread of their own: some are paid, one is
 * frozen, one has a card that the bank refuses, one is unknown.
 */
final class Street implements AutoCloseable {

  private static final int MERCHANTS = 8;
  static final int FROZEN = 6;
  private static final int REFUSED = 7;
  private static final int UNKNOWN = 9;
  private static final long PAUSE_MILLIS = 150;

  private final List<Api> nodes;
  private final Random random = new Random(7);
  private final Thread terminals = new Thread(this::play, "street");
  private volatile boolean closed;
  private int stan = 1_000;

  private Street(List<Api> nodes) {
    this.nodes = nodes;
  }

  static Street open(World world, List<Api> nodes) {
    Api api = nodes.get(0);
    world.onboard(api, MERCHANTS - 2);
    api.onboardBulk(
        Documents.merchant(REFUSED, Applications.cardEndingIn("0001"))
            + "\n"
            + Documents.merchant(MERCHANTS)
            + "\n");
    Street street = new Street(nodes);
    for (int n = 0; n < 4; n++) {
      assertThat(api.sell(street.sale(FROZEN)).status()).isEqualTo(201);
    }
    world.settle();
    String account = Applications.profile(api, FROZEN).at("/effective/account/accountId").asText();
    Api.Answer answer =
        api.put(
            "/v1/accounts/" + account + "/status",
            Role.OPERATOR,
            "{\"status\":\"FROZEN\",\"reason\":\"court order\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    for (int merchant : List.of(FROZEN, REFUSED, UNKNOWN)) {
      for (int n = 0; n < 3; n++) {
        assertThat(api.sell(street.sale(merchant)).status()).isEqualTo(201);
      }
    }
    street.terminals.start();
    return street;
  }

  /** Lets so many seconds pass. */
  void playFor(int seconds) throws InterruptedException {
    Thread.sleep(seconds * 1_000L);
  }

  private void play() {
    while (!closed) {
      List<String> sales = new ArrayList<>();
      int sold = 3 + random.nextInt(12);
      for (int n = 0; n < sold; n++) {
        sales.add(sale(random.nextInt(300) == 0 ? FROZEN : 1 + random.nextInt(5)));
      }
      nodes.get(random.nextInt(nodes.size())).sellBulk(sales);
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private synchronized String sale(int merchant) {
    Map<String, Object> sale = Documents.sale(merchant, stan++);
    sale.put("capturedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return Documents.json(sale);
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    terminals.join();
  }
}
