package dev.settle.demo.story;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The card-change routes of the router as a small server over maps: enough to hold stories to the
 * contract. Verification is instant; a card that is blocked at the bank is frozen a few looks after
 * it came into effect, as if a credit had been refused.
 */
final class FakeRouter implements AutoCloseable {

  /** A merchant's account in effect. */
  private record Account(String id, String last4, String status) {}

  /** An application. */
  private record Change(String id, String merchant, String last4, String state) {}

  private record Answered(int status, JsonObject body) {}

  private static final int LOOKS_UNTIL_FROZEN = 3;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Account> accounts = new HashMap<>();
  private final Map<String, Change> changes = new HashMap<>();
  private final Map<String, String> open = new HashMap<>();
  private final Map<String, Integer> looks = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final boolean knowsCardChanges;
  private int lostAnswers;

  FakeRouter(boolean knowsCardChanges) {
    this.knowsCardChanges = knowsCardChanges;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/", this::serve);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The next {@code calls} that change something are carried out and not answered. */
  synchronized void loseAnswers(int calls) {
    lostAnswers = calls;
  }

  /** Every call that changed or refused something: method, path and status. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** For example {@code 1234 ACTIVE}, with {@code open} behind it while an application is. */
  synchronized String standing(String merchant) {
    Account account = account(merchant);
    return account.last4() + " " + account.status() + (open.containsKey(merchant) ? " open" : "");
  }

  synchronized void freeze(String merchant) {
    accounts.put(
        merchant, new Account(account(merchant).id(), account(merchant).last4(), "FROZEN"));
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    Answered answer;
    boolean lost;
    synchronized (this) {
      answer = answer(method, path.split("/"), token, body);
      lost = !method.equals("GET") && lostAnswers > 0;
      if (!method.equals("GET")) {
        calls.add(method + " " + path + " " + answer.status());
        lostAnswers -= lost ? 1 : 0;
      }
    }
    if (lost) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().encode().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Answered answer(String method, String[] path, String token, String body) {
    String subject = path[3];
    return switch (method + " " + path[2] + (path.length > 4 ? " " + path[4] : "")) {
      case "GET merchants" -> new Answered(200, profile(subject));
      case "POST merchants card-changes" ->
          !knowsCardChanges
              ? problem(404, "not-found")
              : as("maker", token, () -> apply(subject, new JsonObject(body)));
      case "GET card-changes" -> new Answered(200, json(changes.get(subject)));
      case "POST card-changes approve" -> as("checker", token, () -> approve(subject));
      case "POST card-changes reject" -> as("checker", token, () -> end(subject, "REJECTED"));
      case "POST card-changes withdraw" -> as("maker", token, () -> end(subject, "WITHDRAWN"));
      case "PUT accounts status" ->
          as("operator", token, () -> setStatus(subject, new JsonObject(body)));
      default -> problem(404, "not-found");
    };
  }

  private static Answered as(String who, String token, java.util.function.Supplier<Answered> move) {
    return token.equals("Bearer " + who) ? move.get() : problem(403, "forbidden");
  }

  private Account account(String merchant) {
    return accounts.computeIfAbsent(merchant, m -> new Account("A" + m, "1234", "ACTIVE"));
  }

  private JsonObject profile(String merchant) {
    Account account = account(merchant);
    if (account.last4().equals("0006")
        && looks.merge(merchant, 1, Integer::sum) > LOOKS_UNTIL_FROZEN) {
      freeze(merchant);
      account = account(merchant);
    }
    String application = open.get(merchant);
    return new JsonObject()
        .put("merchantId", merchant)
        .put("requested", application == null ? null : json(changes.get(application)))
        .put(
            "effective",
            new JsonObject()
                .put("accountStatus", account.status())
                .put(
                    "account",
                    new JsonObject()
                        .put("accountId", account.id())
                        .put("last4", account.last4())
                        .put("holder", "王伟")
                        .put("bank", "102")));
  }

  private Answered apply(String merchant, JsonObject application) {
    String number = application.getJsonObject("account").getString("number");
    if (application.getJsonArray("documents").isEmpty() || !isValid(number)) {
      return problem(422, "card-change-incomplete");
    }
    if (open.containsKey(merchant)) {
      return problem(409, "card-change-open");
    }
    String id = "CC" + (changes.size() + 1);
    String last4 = number.substring(number.length() - 4);
    boolean verified = !last4.equals("0001");
    changes.put(id, new Change(id, merchant, last4, verified ? "VERIFIED" : "FAILED_VERIFICATION"));
    if (verified) {
      open.put(merchant, id);
    }
    return new Answered(201, json(changes.get(id)).put("state", "SUBMITTED"));
  }

  private static boolean isValid(String number) {
    int sum = 0;
    for (int fromRight = 0; fromRight < number.length(); fromRight++) {
      int digit = number.charAt(number.length() - 1 - fromRight) - '0';
      sum += fromRight % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
    }
    return sum % 10 == 0;
  }

  private Answered approve(String id) {
    Answered ended = end(id, "EFFECTIVE");
    if (ended.status() == 200) {
      Change change = changes.get(id);
      accounts.put(change.merchant(), new Account("A" + id, change.last4(), "ACTIVE"));
      looks.remove(change.merchant());
    }
    return ended;
  }

  private Answered end(String id, String state) {
    Change change = changes.get(id);
    if (!open.remove(change.merchant(), id)) {
      return problem(409, "card-change-state");
    }
    changes.put(id, new Change(id, change.merchant(), change.last4(), state));
    return new Answered(200, json(changes.get(id)));
  }

  private Answered setStatus(String accountId, JsonObject body) {
    for (Map.Entry<String, Account> entry : accounts.entrySet()) {
      Account account = entry.getValue();
      if (account.id().equals(accountId)) {
        entry.setValue(new Account(accountId, account.last4(), body.getString("status")));
        return new Answered(200, new JsonObject());
      }
    }
    return problem(404, "not-found");
  }

  private static JsonObject json(Change change) {
    return new JsonObject().put("cardChangeId", change.id()).put("state", change.state());
  }

  private static Answered problem(int status, String code) {
    return new Answered(status, new JsonObject().put("status", status).put("code", code));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
