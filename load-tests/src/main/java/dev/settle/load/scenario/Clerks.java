package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitHereIfFailed;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.demo.terminal.CardNumbers;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.stage.Stage;
import dev.settle.router.access.Role;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** People who change merchants' cards and freeze their accounts, over the public API. */
final class Clerks {

  /** The demo's number of the merchant that it is about, in the session. */
  static final String MERCHANT = "merchant";

  /** The outcome of a sale that went to the card that was approved before it. */
  static final String NEW_CARD = "new card";

  /**
   * After an order is answered, a node may look routes up by the old one for a moment: what it
   * accepts so is held at the fence, and not yet in the answer to the sale.
   */
  static final Duration HEARD = Duration.ofSeconds(1);

  private static final String MERCHANT_ID = "merchantId";
  private static final String NUMBER = "number";
  private static final String CHANGE = "change";
  private static final String STATE = "state";
  private static final String BEGAN = "began";
  private static final Duration LOOK_EVERY = Duration.ofMillis(150);
  private static final long VERIFIED_WITHIN_MILLIS = 60_000;

  private final Stage stage;
  private final Random random = new Random();

  Clerks(Stage stage) {
    this.stage = stage;
  }

  /**
   * Applies for a new card for {@link #MERCHANT}, waits until the bank has verified it, has it
   * approved, sells once more, and waits until that is posted: the approval is counted as {@code
   * approval}, the whole as {@code change}, and to which card the sale goes as {@code credit}.
   *
   * @param sale of the same merchant
   */
  ChainBuilder changeCard(ChainBuilder sale) {
    return exec(
        exec(this::begin),
        exec(
            as(
                    Role.MAKER,
                    http("application").post("/v1/merchants/#{" + MERCHANT_ID + "}/card-changes"))
                .body(StringBody(this::application))
                .check(Answer.kept(201))),
        exec(
            session ->
                session.set(CHANGE, String.valueOf(Answer.of(session).text("cardChangeId")))),
        exitHereIfFailed(),
        asLongAs(
                session ->
                    !"VERIFIED".equals(session.getString(STATE))
                        && waited(session) < VERIFIED_WITHIN_MILLIS)
            .on(
                pause(LOOK_EVERY),
                exec(
                    as(Role.MAKER, http("application?").get("/v1/card-changes/#{" + CHANGE + "}"))
                        .check(Answer.kept(200))),
                exec(
                    session ->
                        session.set(STATE, String.valueOf(Answer.of(session).text("state"))))),
        exec(
            as(Role.CHECKER, http("approval").post("/v1/card-changes/#{" + CHANGE + "}/approve"))
                .body(StringBody("{}"))
                .check(Answer.kept(200))),
        exec(session -> note(session, "approval")),
        exitHereIfFailed(),
        exec(this::changed),
        sale,
        Probing.untilPosted(stage),
        exec(this::noteCard));
  }

  /** Makes it about one merchant of the demo, by number. */
  Session about(Session session, int merchant) {
    return session.set(MERCHANT, merchant).set(MERCHANT_ID, Merchants.merchantId(merchant));
  }

  private Session begin(Session session) {
    String number;
    synchronized (random) {
      number = CardNumbers.any(random);
    }
    return session.remove(STATE).set(NUMBER, number).set(BEGAN, System.nanoTime());
  }

  private String application(Session session) {
    JsonObject account = Merchants.document(session.getInt(MERCHANT)).getJsonObject("account");
    return new JsonObject()
        .put(
            "account",
            account.put("number", session.getString(NUMBER)).put("bank", CardNumbers.BANK))
        .putNull("effectiveFrom")
        .put(
            "documents",
            new JsonArray()
                .add(new JsonObject().put("kind", "IDENTITY").put("ref", "doc-1"))
                .add(new JsonObject().put("kind", "BANK_ACCOUNT_PROOF").put("ref", "doc-2")))
        .put("reason", "NEW_CARD")
        .encode();
  }

  private static long waited(Session session) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - session.getLong(BEGAN));
  }

  private Session changed(Session session) {
    stage.tally().answered("change " + stage.phase(), "EFFECTIVE", waited(session));
    return session;
  }

  private Session noteCard(Session session) {
    String number = String.valueOf(session.getString(NUMBER));
    String paidTo = String.valueOf(Answer.of(session).text("last4"));
    stage
        .tally()
        .counted("credit " + stage.phase(), number.endsWith(paidTo) ? NEW_CARD : "old card", 1);
    return session;
  }

  /** Sets the status of the account {@code #{account}}; counted as {@code kind}. */
  ChainBuilder setStatus(String kind, String status) {
    return exec(
        exec(
            as(Role.OPERATOR, http(kind).put("/v1/accounts/#{account}/status"))
                .body(StringBody("{\"status\":\"" + status + "\",\"reason\":\"A load test.\"}"))
                .check(Answer.kept(200))),
        exec(session -> note(session, kind)));
  }

  /** Finds the account that {@link #MERCHANT} is paid to now, for {@link #setStatus}. */
  ChainBuilder findAccount() {
    return exec(
        exec(
            as(Role.AUDITOR, http("merchant?").get("/v1/merchants/#{" + MERCHANT_ID + "}"))
                .check(Answer.kept(200))),
        exec(session -> session.set("account", accountIn(Answer.of(session).body()))));
  }

  private static String accountIn(String merchant) {
    return new JsonObject(merchant)
        .getJsonObject("effective")
        .getJsonObject("account")
        .getString("accountId");
  }

  /** Asks what is owed and not posted, of all merchants. */
  ChainBuilder unposted() {
    return exec(as(Role.AUDITOR, http("unposted?").get("/v1/unposted")).check(Answer.kept(200)));
  }

  private Session note(Session session, String kind) {
    Answer.of(session).countIn(stage.tally(), kind + " " + stage.phase());
    return session;
  }

  /** The account that a merchant is paid to now. Blocking. */
  String account(int merchant) {
    try {
      return accountIn(
          stage
              .calls()
              .ask(Role.AUDITOR, "/v1/merchants/" + Merchants.merchantId(merchant))
              .encode());
    } catch (IOException noAnswer) {
      throw new IllegalStateException("the account of a merchant cannot be found", noAnswer);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(end);
    }
  }

  private HttpRequestActionBuilder as(Role role, HttpRequestActionBuilder request) {
    return request
        .header("Authorization", "Bearer " + stage.target().token(role))
        .header("Content-Type", "application/json");
  }
}
