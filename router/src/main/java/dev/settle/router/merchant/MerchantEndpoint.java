package dev.settle.router.merchant;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.binding.AccountId;
import dev.settle.router.merchant.MerchantStore.Onboarded;
import dev.settle.router.merchant.MerchantStore.Outcome;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.NdjsonExchange;
import dev.settle.router.platform.NdjsonExchange.Answer;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Onboarding, one or in bulk, and a merchant's profile. */
public final class MerchantEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(MerchantEndpoint.class);
  private static final Problem CONFLICT =
      new Problem(
          409,
          "merchant-conflict",
          "merchantId",
          "The merchant is registered differently; nothing has changed.");

  private final Vertx vertx;
  private final MerchantStore store;
  private final MerchantStore profiles;

  /**
   * @param store onboards
   * @param profiles reads, on connections of its own
   */
  public MerchantEndpoint(Vertx vertx, MerchantStore store, MerchantStore profiles) {
    this.vertx = vertx;
    this.store = store;
    this.profiles = profiles;
  }

  /** {@code POST /v1/merchants}. */
  public void onboard(RoutingContext call) {
    if (!Bodies.isOf(call.request(), "application/json")) {
      unsupported("application/json").answer(call.request());
      return;
    }
    String by = AccessHandler.caller(call).subject();
    Bodies.read(call.request(), Limits.MERCHANT_BYTES)
        .map(body -> MerchantReader.read(body.getBytes()))
        .compose(merchant -> store.onboard(merchant, by).map(done -> json(merchant, done)))
        .onSuccess(
            json ->
                call.response()
                    .setStatusCode(
                        json.getString("outcome").equals(Outcome.ONBOARDED.name()) ? 201 : 200)
                    .putHeader("Content-Type", "application/json")
                    .end(json.toBuffer()))
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  /** {@code POST /v1/merchants/bulk}: one merchant for each line. */
  public void onboardBulk(RoutingContext call) {
    if (!Bodies.isOf(call.request(), NdjsonExchange.CONTENT_TYPE)) {
      unsupported(NdjsonExchange.CONTENT_TYPE).answer(call.request());
      return;
    }
    String by = AccessHandler.caller(call).subject();
    NdjsonExchange.serve(vertx, call.request(), Limits.MERCHANT_BYTES, new Lines(by));
  }

  /** {@code GET /v1/merchants/{merchantId}}. */
  public void profile(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    if (!MerchantReader.isMerchantId(merchantId)) {
      Problem.notFound("merchant").answer(call.request());
      return;
    }
    ReadDeadline.keep(profiles.profile(merchantId))
        .onSuccess(
            json -> {
              if (json == null) {
                Problem.notFound("merchant").answer(call.request());
              } else {
                call.json(json);
              }
            })
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static Problem unsupported(String expected) {
    return new Problem(415, "unsupported-media-type", null, "Send Content-Type: " + expected + ".");
  }

  private static JsonObject json(Merchant merchant, Onboarded done) {
    if (done.outcome() == Outcome.CONFLICT) {
      throw new ProblemException(CONFLICT);
    }
    return new JsonObject()
        .put("merchantId", merchant.merchantId())
        .put("outcome", done.outcome().name())
        .put("version", done.version())
        .put(
            "account",
            new JsonObject()
                .put("accountId", AccountId.text(done.accountId()))
                .put("bank", merchant.bank())
                .put("last4", merchant.number().last4())
                .put("holder", merchant.holder()));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("onboarding or a profile failed", failure);
    return Problem.UNCERTAIN;
  }

  /** Lines of one upload, a bounded number of them under way at once. */
  private final class Lines implements NdjsonExchange.LineHandler {
    private static final int UNDER_WAY = 64;
    private final String by;
    private int underWay;
    private Runnable resume = () -> {};

    Lines(String by) {
      this.by = by;
    }

    @Override
    public boolean take(byte[] bytes, int offset, int length, Answer answer, Runnable resume) {
      if (underWay == UNDER_WAY) {
        this.resume = resume;
        return false;
      }
      underWay++;
      byte[] line = Arrays.copyOfRange(bytes, offset, offset + length);
      Future.succeededFuture(line)
          .map(MerchantReader::read)
          .compose(merchant -> store.onboard(merchant, by).map(done -> json(merchant, done)))
          .onSuccess(json -> answer.give(json.put("line", answer.line()).encode()))
          .onFailure(failure -> refuse(answer, problem(failure)))
          .onComplete(done -> next());
      return true;
    }

    private void next() {
      underWay--;
      Runnable waiting = resume;
      resume = () -> {};
      waiting.run();
    }

    @Override
    public void tooLong(Answer answer) {
      refuse(
          answer,
          new Problem(
              413,
              "line-too-long",
              null,
              "A line has at most " + Limits.MERCHANT_BYTES + " bytes."));
    }

    private void refuse(Answer answer, Problem problem) {
      String outcome =
          switch (problem.status()) {
            case 409 -> "CONFLICT";
            case 503 -> "UNCERTAIN";
            default -> "REFUSED";
          };
      answer.give(problem.line(answer.line(), outcome).encode());
    }
  }
}
