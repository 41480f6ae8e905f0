package dev.settle.demo.story;

import dev.settle.demo.node.NodeClient;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The router's public API as stories use it. A call that is not decided (no answer, 5xx) is made
 * again, at the next node, until it is or patience ends; so a call may have been carried out
 * already when its answer comes, and who makes it looks at the state then. Blocking; safe for
 * several threads.
 */
final class RouterCalls {

  private static final Duration STEP = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_MILLIS = 100;
  private static final int EXCERPT = 200;

  /** What an application comes to rest in. */
  private static final Set<String> FINAL =
      Set.of("EFFECTIVE", "SUPERSEDED", "REJECTED", "FAILED_VERIFICATION", "WITHDRAWN", "EXPIRED");

  private final NodeClient client;
  private final List<Integer> ports;
  private final Cast cast;
  private final Curtain curtain;

  RouterCalls(NodeClient client, List<Integer> ports, Cast cast, Curtain curtain) {
    this.client = client;
    this.ports = ports;
    this.cast = cast;
    this.curtain = curtain;
  }

  /** The merchant's profile. */
  JsonObject merchant(String merchantId) throws StoryFailure, InterruptedException {
    return ask(cast.maker(), "GET", "/v1/merchants/" + merchantId, null).json(200);
  }

  /** Applies for a card that must be taken, and returns the application's id. */
  String apply(String merchantId, JsonObject application)
      throws StoryFailure, InterruptedException {
    Decided answer = askToApply(merchantId, application);
    if (answer.status() == 409) {
      // Ours, when an earlier attempt got through and its answer did not.
      String open = openApplication(merchant(merchantId));
      if (open != null) {
        return open;
      }
    }
    // 200: an earlier attempt was taken, and its answer got lost.
    return answer.text(answer.status() == 200 ? 200 : 201, "cardChangeId");
  }

  /** Applies for a card that must be refused. */
  void applyInVain(String merchantId, JsonObject application)
      throws StoryFailure, InterruptedException {
    askToApply(merchantId, application).require(422);
  }

  private Decided askToApply(String merchantId, JsonObject application)
      throws StoryFailure, InterruptedException {
    return ask(cast.maker(), "POST", "/v1/merchants/" + merchantId + "/card-changes", application);
  }

  /** The id of the application that is open for a merchant, null when none is. */
  static @Nullable String openApplication(JsonObject merchant) {
    return merchant.getValue("requested") instanceof JsonObject requested
        ? requested.getString("cardChangeId")
        : null;
  }

  /** The state of an application. */
  String state(String cardChangeId) throws StoryFailure, InterruptedException {
    return ask(cast.maker(), "GET", "/v1/card-changes/" + cardChangeId, null).text(200, "state");
  }

  /** Waits until the application is in {@code wanted}; fails when it comes to rest elsewhere. */
  void await(String cardChangeId, String wanted) throws StoryFailure, InterruptedException {
    Curtain.Patience patience = curtain.patience(STEP);
    while (true) {
      String state = state(cardChangeId);
      if (state.equals(wanted)) {
        return;
      }
      if (FINAL.contains(state) || patience.isOver()) {
        throw new StoryFailure(
            "card change " + cardChangeId + " is " + state + " and not " + wanted);
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  void approve(String cardChangeId) throws StoryFailure, InterruptedException {
    decide(cast.checker(), cardChangeId, "approve", new JsonObject(), "EFFECTIVE");
  }

  void reject(String cardChangeId, String reason) throws StoryFailure, InterruptedException {
    decide(
        cast.checker(), cardChangeId, "reject", new JsonObject().put("reason", reason), "REJECTED");
  }

  void withdraw(String cardChangeId) throws StoryFailure, InterruptedException {
    decide(cast.maker(), cardChangeId, "withdraw", new JsonObject(), "WITHDRAWN");
  }

  private void decide(
      String token, String cardChangeId, String move, JsonObject body, String leadsTo)
      throws StoryFailure, InterruptedException {
    Decided answer = ask(token, "POST", "/v1/card-changes/" + cardChangeId + "/" + move, body);
    // A conflict may be our own move, made by an attempt that lost its answer: the state tells.
    if (answer.status() != 409) {
      answer.require(200);
    }
    try {
      await(cardChangeId, leadsTo);
    } catch (StoryFailure elsewhere) {
      answer.require(200);
      throw elsewhere;
    }
  }

  void setStatus(String accountId, String status, String reason)
      throws StoryFailure, InterruptedException {
    JsonObject body = new JsonObject().put("status", status).put("reason", reason);
    ask(cast.operator(), "PUT", "/v1/accounts/" + accountId + "/status", body).require(200);
  }

  private Decided ask(String token, String method, String path, @Nullable JsonObject body)
      throws StoryFailure, InterruptedException {
    Curtain.Patience patience = curtain.patience(STEP);
    for (int attempt = 0; ; attempt++) {
      String undecided;
      try {
        int port = ports.get(attempt % ports.size());
        NodeClient.Answer answer = client.send(method, port, path, token, body);
        if (answer.status() < 500) {
          return new Decided(method + " " + path, answer.status(), answer.body());
        }
        undecided = String.valueOf(answer.status());
      } catch (IOException noAnswer) {
        undecided = String.valueOf(noAnswer.getMessage());
      }
      if (patience.isOver()) {
        throw new StoryFailure(method + " " + path + " had no decision: " + undecided);
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /**
   * An answer that says what has become of the call.
   *
   * @param call method and path, for messages
   */
  private record Decided(String call, int status, String body) {

    void require(int wanted) throws StoryFailure {
      if (status != wanted) {
        String excerpt = body.length() <= EXCERPT ? body : body.substring(0, EXCERPT) + "…";
        throw new StoryFailure(call + " was answered " + status + ": " + excerpt);
      }
    }

    JsonObject json(int wanted) throws StoryFailure {
      require(wanted);
      try {
        return new JsonObject(body);
      } catch (DecodeException notJson) {
        throw new StoryFailure(call + " was answered with what is no JSON object");
      }
    }

    String text(int wanted, String field) throws StoryFailure {
      if (json(wanted).getValue(field) instanceof String text) {
        return text;
      }
      throw new StoryFailure(call + " was answered without a " + field);
    }
  }
}
