package dev.settle.router.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A bank that books at the real one and then answers as it likes. What it does with its nth request
 * for transfers is up to the test.
 */
public final class CrookedBank {

  /** What becomes of one request. */
  public enum Manner {
    /** Booked, and answered as the real bank does. */
    HONEST,
    /** Not booked; the connection is cut. */
    CUT_BEFORE_BOOKING,
    /** Not booked; answered 503. */
    BUSY,
    /** Booked; the connection is cut. */
    CUT_AFTER_BOOKING,
    /** Booked; answered 500. */
    ERROR_AFTER_BOOKING,
    /** Booked; answered 200 with what is not JSON. */
    NONSENSE,
    /** Booked; the answer ends in its middle. */
    TRUNCATED,
    /** Booked; answered in the opposite order. */
    OUT_OF_ORDER,
    /** Booked; the last answer is missing. */
    INCOMPLETE,
    /** Booked; answered when the test says so. */
    HELD_BACK
  }

  private static final String VERIFY = "/accounts/verify";

  private final Vertx vertx;
  private final HttpServer server;
  private final HttpClient client;
  private final int bankPort;
  private final AtomicInteger requests = new AtomicInteger();
  private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
  private final Queue<HttpServerRequest> unanswered = new ConcurrentLinkedQueue<>();
  private volatile IntFunction<Manner> manners = n -> Manner.HONEST;
  private volatile boolean silent;

  private CrookedBank(Vertx vertx, int bankPort) {
    this.vertx = vertx;
    this.bankPort = bankPort;
    this.client = vertx.createHttpClient();
    this.server = vertx.createHttpServer().requestHandler(this::take);
  }

  static CrookedBank start(Vertx vertx, int bankPort) throws Exception {
    CrookedBank bank = new CrookedBank(vertx, bankPort);
    World.await(bank.server.listen(0, "127.0.0.1"));
    return bank;
  }

  /** Where nodes find it. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** How the nth request from now on is treated, from 0. */
  public void treat(IntFunction<Manner> wanted) {
    requests.set(0);
    manners = wanted;
  }

  /** Requests since {@link #treat}. */
  public int requests() {
    return requests.get();
  }

  /** Requests that are booked and not answered. */
  public int heldBack() {
    return heldBack.size();
  }

  /** Answers what was held back. */
  public void release() {
    for (Runnable answer = heldBack.poll(); answer != null; answer = heldBack.poll()) {
      answer.run();
    }
  }

  /** From now on no question about an account is answered. */
  public void neverAnswersVerifications() {
    silent = true;
  }

  /** Questions about accounts that wait for an answer. */
  public int unansweredVerifications() {
    return unanswered.size();
  }

  /** Cuts the connections of those that wait. */
  public void cutVerifications() {
    for (HttpServerRequest one = unanswered.poll(); one != null; one = unanswered.poll()) {
      one.connection().close();
    }
  }

  /** Transfers are treated as the test wants; questions only as long as the bank is not reached. */
  private void take(HttpServerRequest request) {
    if (request.path().equals(VERIFY)) {
      verify(request);
      return;
    }
    boolean transfers = request.path().equals("/credit-transfers");
    Manner wanted = manners.apply(transfers ? requests.getAndIncrement() : requests.get());
    boolean out = wanted == Manner.CUT_BEFORE_BOOKING || wanted == Manner.BUSY;
    Manner manner = transfers || out ? wanted : Manner.HONEST;
    switch (manner) {
      case CUT_BEFORE_BOOKING -> request.connection().close();
      case BUSY -> request.response().setStatusCode(503).end();
      default ->
          request
              .body()
              .compose(body -> forward(request.path(), body))
              .onSuccess(answer -> answer(request, answer, manner))
              .onFailure(lost -> request.connection().close());
    }
  }

  private void verify(HttpServerRequest request) {
    if (silent) {
      unanswered.add(request);
      return;
    }
    request
        .body()
        .compose(body -> forward(VERIFY, body))
        .onSuccess(answer -> request.response().end(answer))
        .onFailure(lost -> request.connection().close());
  }

  private Future<Buffer> forward(String path, Buffer body) {
    return client
        .request(HttpMethod.POST, bankPort, "127.0.0.1", path)
        .compose(request -> request.putHeader("Content-Type", "application/json").send(body))
        .compose(response -> response.body());
  }

  private void answer(HttpServerRequest request, Buffer answer, Manner manner) {
    switch (manner) {
      case CUT_AFTER_BOOKING -> request.connection().close();
      case ERROR_AFTER_BOOKING -> request.response().setStatusCode(500).end(answer);
      case NONSENSE -> request.response().end("<html>we will be back soon</html>");
      case TRUNCATED -> truncate(request, answer);
      case OUT_OF_ORDER -> request.response().end(reversed(answer));
      case INCOMPLETE -> request.response().end(withoutLast(answer));
      case HELD_BACK -> {
        var context = vertx.getOrCreateContext();
        heldBack.add(() -> context.runOnContext(turn -> request.response().end(answer)));
      }
      default -> request.response().end(answer);
    }
  }

  private static void truncate(HttpServerRequest request, Buffer answer) {
    request.response().putHeader("Content-Length", String.valueOf(answer.length()));
    request
        .response()
        .write(answer.getBuffer(0, answer.length() / 2))
        .onComplete(sent -> request.connection().close());
  }

  private static Buffer reversed(Buffer answer) {
    JsonObject json = new JsonObject(answer);
    JsonArray results = json.getJsonArray("results");
    JsonArray turned = new JsonArray();
    for (int i = results.size() - 1; i >= 0; i--) {
      turned.add(results.getJsonObject(i));
    }
    // One result cannot be out of order; then it is of another transfer.
    if (results.size() == 1) {
      turned.getJsonObject(0).put("endToEndId", "another");
    }
    return json.put("results", turned).toBuffer();
  }

  private static Buffer withoutLast(Buffer answer) {
    JsonObject json = new JsonObject(answer);
    JsonArray results = json.getJsonArray("results");
    results.remove(results.size() - 1);
    return json.toBuffer();
  }
}
