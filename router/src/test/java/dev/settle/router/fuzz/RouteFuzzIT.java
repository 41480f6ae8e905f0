package dev.settle.router.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.access.Route;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every route, called in ways that no client should: each call has an answer that the contract
 * knows, none is a fault of ours, honest calls work all the while, and the book is whole
 * afterwards. Runs for seconds, or with {@code -Dsettle.fuzz.minutes=10} for as long. What it finds
 * is written to {@code target/fuzz}; a file of there in {@code src/test/resources/fuzz} is tried
 * ever after.
 */
@ExtendWith(InvariantsHold.class)
class RouteFuzzIT {

  private static final Duration BRIEFLY = Duration.ofSeconds(7);
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final Path FOUND = Path.of("target/fuzz");
  private static final int MOST_FOUND = 20;
  private static final int HONEST_EVERY = 200;

  private final Contract contract = Contract.read();
  private final Verdict verdict = new Verdict(contract.codes());
  private final List<String> wrong = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private int stan = 500_000;

  @Test
  void whatever_is_sent_is_answered_by_the_contract(World world) throws Exception {
    long seed = Seeds.of(this);
    Api api = world.startNode(2);
    world.onboard(api, 5);
    Map<String, List<String>> ids = ids(api);
    String secret = SignedNotices.secretOf(world);
    for (Probe probe : corpus()) {
      look(probe, api, secret);
    }
    RequestFuzzer fuzzer = new RequestFuzzer(new Chance(seed), contract, ids);
    Instant end = Instant.now().plus(time());
    long sent = 0;
    while (Instant.now().isBefore(end) && wrong.size() < MOST_FOUND) {
      for (Route route : Route.values()) {
        look(fuzzer.next(route), api, secret);
        if (++sent % HONEST_EVERY == 0) {
          honestCallsWork(api);
        }
      }
    }
    System.out.println("RouteFuzzIT: " + sent + " requests, by status " + statuses);
    assertThat(wrong).as("seed " + seed).isEmpty();
    honestCallsWork(api);
    world.settle();
  }

  private static Duration time() {
    Integer minutes = Integer.getInteger("settle.fuzz.minutes");
    return minutes == null ? BRIEFLY : Duration.ofMinutes(minutes);
  }

  private void look(Probe probe, Api api, String secret) throws IOException {
    byte[] bytes = probe.bytes(api::token, body -> signature(secret, body));
    String how;
    Reply reply = null;
    try {
      reply = Reply.to(api.port(), bytes, probe.isHead());
      statuses.merge(reply.status(), 1, Integer::sum);
      how = verdict.on(probe, reply);
    } catch (SocketTimeoutException silence) {
      how = "no answer in time";
    } catch (IOException cut) {
      how = "closed without an answer: " + cut.getMessage();
    }
    if (!how.isEmpty()) {
      Files.createDirectories(FOUND);
      Path file = FOUND.resolve(probe.name() + "-" + wrong.size() + ".http");
      Files.write(file, probe.request().getBytes(ISO_8859_1));
      wrong.add(how + " (" + file + "): " + probe + "\n--> " + reply);
    }
  }

  private static String signature(String secret, String body) {
    String id = "msg_" + UUID.randomUUID();
    String seconds = String.valueOf(Instant.now().getEpochSecond());
    return "webhook-id: "
        + id
        + "\r\nwebhook-timestamp: "
        + seconds
        + "\r\nwebhook-signature: "
        + SignedNotices.sign(secret, id, seconds, body)
        + "\r\n";
  }

  private void honestCallsWork(Api api) {
    assertThat(api.sell(Documents.saleJson(1 + stan % 5, stan++)).status()).isEqualTo(201);
    assertThat(api.get("/v1/merchants/M000001", Role.AUDITOR).status()).isEqualTo(200);
    assertThat(api.get("/v1/unposted", Role.AUDITOR).status()).isEqualTo(200);
  }

  /** Of what is there, by the names that paths have for it. */
  private Map<String, List<String>> ids(Api api) {
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    Api.Answer held = api.sell(Documents.saleJson(77, 2));
    String account =
        api.get("/v1/merchants/M000002", Role.AUDITOR)
            .json()
            .path("effective")
            .path("accountId")
            .asText();
    Map<String, List<String>> ids = new HashMap<>();
    ids.put("creditId", List.of(credit, held.json().path("creditId").asText()));
    ids.put("merchantId", List.of("M000001", "M000002", "M000077"));
    ids.put("terminalId", List.of("T0000001"));
    ids.put("accountId", List.of(account));
    ids.put("rail", List.of("sandbox"));
    ids.put("endToEndId", List.of(credit + "-1"));
    ids.put("cardChangeId", List.of("K1", "K00000000001"));
    ids.put("breakId", List.of("K1", "D1"));
    ids.put("orderId", List.of("1", "00000000-0000-0000-0000-000000000000"));
    ids.put("resolutionId", List.of("1"));
    ids.put("state", List.of("SUBMITTED", "EFFECTIVE", "OPEN"));
    ids.put("reason", List.of("UNKNOWN_MERCHANT"));
    ids.put("type", List.of("SALE"));
    ids.put("asOf", List.of(Instant.now().toString()));
    return ids;
  }

  private static List<Probe> corpus() throws IOException {
    List<Probe> corpus = new ArrayList<>();
    try (Stream<Path> files = Files.list(CORPUS)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".http")).sorted().toList()) {
        String name = file.getFileName().toString();
        corpus.add(new Probe(name, Files.readString(file, ISO_8859_1)));
      }
    }
    assertThat(corpus).isNotEmpty();
    return corpus;
  }
}
