package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I2OneTransactionOneCreditIT {

  private static final int SALES = 10_000;
  private static final int MERCHANTS = 40;

  @Test
  void sent_three_times_in_any_order_to_two_nodes_at_once_each_sale_is_one_credit(World world)
      throws Exception {
    Random random = new Random(Seeds.of(this));
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);
    List<String> sent = new ArrayList<>();
    for (int stan = 0; stan < SALES; stan++) {
      String sale = Documents.saleJson(1 + stan % MERCHANTS, stan);
      Collections.addAll(sent, sale, sale, sale);
    }
    Collections.shuffle(sent, random);
    Map<String, Set<String>> creditsOf = new ConcurrentHashMap<>();
    Set<String> accepted = ConcurrentHashMap.newKeySet();

    inParallel(
        parts(sent, 6),
        (part, n) -> {
          Api node = n % 2 == 0 ? one : two;
          if (n == 0) {
            part.subList(0, 500).forEach(sale -> sellAlone(node, sale, creditsOf, accepted));
            part = part.subList(500, part.size());
          }
          for (JsonNode line : node.sellBulk(part)) {
            note(part.get(line.path("line").asInt() - 1), line, creditsOf, accepted);
          }
        });

    assertThat(creditsOf).hasSize(SALES);
    assertThat(creditsOf.values()).allSatisfy(ids -> assertThat(ids).hasSize(1));
    assertThat(accepted).hasSize(SALES);
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(SALES);
    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(SALES);
  }

  private static void sellAlone(
      Api node, String sale, Map<String, Set<String>> creditsOf, Set<String> accepted) {
    Api.Answer answer = node.sell(sale);
    assertThat(answer.status()).isIn(200, 201);
    assertThat(answer.json().path("outcome").asText())
        .isEqualTo(answer.status() == 201 ? "ACCEPTED" : "REPLAYED");
    note(sale, answer.json(), creditsOf, accepted);
  }

  private static void note(
      String sale, JsonNode answer, Map<String, Set<String>> creditsOf, Set<String> accepted) {
    String outcome = answer.path("outcome").asText();
    assertThat(outcome).as(answer.toString()).isIn("ACCEPTED", "REPLAYED");
    creditsOf
        .computeIfAbsent(sale, key -> ConcurrentHashMap.newKeySet())
        .add(answer.path("creditId").asText());
    if (outcome.equals("ACCEPTED")) {
      assertThat(accepted.add(sale)).as("accepted twice: " + sale).isTrue();
    }
  }

  @Test
  void overlapping_keys_in_opposite_order_from_two_nodes_end_without_a_deadlock(World world)
      throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);
    for (int round = 0; round < 5; round++) {
      List<String> sales = new ArrayList<>();
      for (int n = 0; n < 2_000; n++) {
        sales.add(Documents.saleJson(1 + n % MERCHANTS, round * 2_000 + n));
      }
      List<String> backwards = new ArrayList<>(sales);
      Collections.reverse(backwards);

      inParallel(
          List.of(sales, backwards),
          (part, n) ->
              assertThat((n == 0 ? one : two).sellBulk(part))
                  .allSatisfy(
                      line ->
                          assertThat(line.path("outcome").asText()).isIn("ACCEPTED", "REPLAYED")));
    }

    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(10_000);
    assertThat(
            world.queryLong(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
        .isZero();
    world.settle();
  }

  @Test
  void the_same_key_with_another_content_is_refused_and_changes_nothing(World world)
      throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, 1);
    Map<String, Object> sale = Documents.sale(1, 7);
    String creditId = one.sell(Documents.json(sale)).json().path("creditId").asText();
    String before = world.queryText("SELECT c::text FROM credit c");

    for (Map.Entry<String, Object> other :
        Map.<String, Object>of(
                "amountMinor", 1L,
                "currency", "USD",
                "rrn", "999999999999",
                "capturedAt", "2020-01-01T00:00:00Z")
            .entrySet()) {
      Map<String, Object> forged = Documents.sale(1, 7);
      forged.put(other.getKey(), other.getValue());
      Api.Answer answer = two.sell(Documents.json(forged));
      assertThat(answer.status()).as(other.getKey()).isEqualTo(409);
      assertThat(answer.json().path("code").asText()).isEqualTo("transaction-conflict");
      JsonNode line = two.sellBulk(List.of(Documents.json(forged))).get(0);
      assertThat(line.path("outcome").asText()).isEqualTo("CONFLICT");
    }

    assertThat(world.queryText("SELECT c::text FROM credit c")).isEqualTo(before);
    assertThat(two.sell(Documents.json(sale)).json().path("creditId").asText()).isEqualTo(creditId);
    world.settle();
  }

  @Test
  void copies_and_conflicts_inside_one_upload_fail_alone(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    List<String> upload = new ArrayList<>();
    for (int stan = 0; stan < 300; stan++) {
      Map<String, Object> conflicting = Documents.sale(1, stan);
      conflicting.put("amountMinor", 2_000_000L);
      upload.add(Documents.saleJson(1, stan));
      upload.add(Documents.saleJson(1, stan));
      upload.add(Documents.json(conflicting));
    }

    List<JsonNode> lines = api.sellBulk(upload);

    for (int n = 0; n < upload.size(); n += 3) {
      assertThat(List.of(outcome(lines, n), outcome(lines, n + 1), outcome(lines, n + 2)))
          .containsExactly("ACCEPTED", "REPLAYED", "CONFLICT");
      assertThat(lines.get(n + 1).path("creditId")).isEqualTo(lines.get(n).path("creditId"));
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(300);
    world.settle();
  }

  @Test
  void a_replay_of_a_held_sale_gives_the_first_answer(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    World.await(
        world
            .bindings()
            .setStatus(
                world.accountOf(1),
                dev.settle.router.binding.AccountStatus.FROZEN,
                "test",
                "test"));
    String unknown = Documents.saleJson(77, 1);
    String frozen = Documents.saleJson(1, 1);

    for (int times = 0; times < 3; times++) {
      Api.Answer ofUnknown = api.sell(unknown);
      assertThat(ofUnknown.status()).isEqualTo(times == 0 ? 201 : 200);
      assertThat(ofUnknown.json().path("status").asText()).isEqualTo("HELD");
      assertThat(ofUnknown.json().path("reason").asText()).isEqualTo("UNKNOWN_MERCHANT");
      Api.Answer ofFrozen = api.sell(frozen);
      assertThat(ofFrozen.json().path("reason").asText()).isEqualTo("ACCOUNT_FROZEN");
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(2);
    assertThat(world.queryLong("SELECT count(*) FROM credit_exception")).isEqualTo(2);
  }

  private static String outcome(List<JsonNode> lines, int n) {
    return lines.get(n).path("outcome").asText();
  }

  private interface Work {
    void on(List<String> part, int n);
  }

  private static List<List<String>> parts(List<String> all, int count) {
    List<List<String>> parts = new ArrayList<>();
    int size = all.size() / count;
    for (int n = 0; n < count; n++) {
      parts.add(all.subList(n * size, n == count - 1 ? all.size() : (n + 1) * size));
    }
    return parts;
  }

  private static void inParallel(List<List<String>> parts, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(parts.size());
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < parts.size(); n++) {
        int number = n;
        all.add(threads.submit(() -> work.on(parts.get(number), number)));
      }
      for (Future<?> one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
