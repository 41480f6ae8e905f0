package dev.settle.router.credit;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import dev.settle.router.transaction.KeyQuery;
import dev.settle.router.transaction.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/credits/{creditId}}, {@code GET /v1/transactions?…}, {@code GET /v1/unposted} and
 * {@code GET /v1/merchants/{merchantId}/unposted}.
 */
public final class CreditEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(CreditEndpoint.class);

  static final Pattern MERCHANT_ID = Pattern.compile("[A-Za-z0-9]{1,15}");

  private final CreditStore credits;
  private final UnpostedStore unposted;

  public CreditEndpoint(CreditStore credits, UnpostedStore unposted) {
    this.credits = credits;
    this.unposted = unposted;
  }

  /** A credit by its id. */
  public void byId(RoutingContext call) {
    OptionalLong id = CreditId.parse(call.pathParam("creditId"));
    if (id.isEmpty()) {
      Problem.notFound("credit").answer(call.request());
    } else {
      answer(call, credits.find(id.getAsLong()).map(credit -> own(call, credit)));
    }
  }

  /** Another acquirer's credit is there for nobody else, not even as a refusal. */
  private static @Nullable JsonObject own(RoutingContext call, @Nullable JsonObject credit) {
    if (credit == null) {
      return null;
    }
    JsonObject transaction = credit.getJsonObject("transaction");
    return isOwn(call, transaction.getString("acquirerId"), transaction.getString("merchantId"))
        ? credit
        : null;
  }

  private static boolean isOwn(RoutingContext call, String acquirerId, String merchantId) {
    return AccessHandler.outOfScope(call, acquirerId, merchantId) == null;
  }

  /** A credit by its transaction's key. */
  public void byKey(RoutingContext call) {
    KeyQuery query =
        KeyQuery.read(
            name -> {
              String value = call.queryParams().get(name);
              return value == null ? "" : value;
            });
    if (query.key() == null) {
      Refusal refusal = query.refusal();
      Problem.invalid(
              refusal == null || refusal.field() == null ? "key" : refusal.field(),
              refusal == null ? "All seven key fields are needed." : refusal.detail())
          .answer(call.request());
    } else if (!isOwn(call, query.key().acquirerId(), query.key().merchantId())) {
      Problem.notFound("credit").answer(call.request());
    } else {
      answer(call, credits.find(query.key()));
    }
  }

  /** All that is unposted, in totals. */
  public void unposted(RoutingContext call) {
    answer(call, unposted.totals().map(UnpostedTotals::json));
  }

  /** Where one merchant's money is. */
  public void unpostedOfMerchant(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    if (!MERCHANT_ID.matcher(merchantId).matches()) {
      Problem.notFound("merchant").answer(call.request());
      return;
    }
    answer(
        call,
        "merchant",
        unposted.ofMerchant(merchantId).map(found -> found == null ? null : found.json()));
  }

  private static void answer(RoutingContext call, Future<? extends @Nullable JsonObject> found) {
    answer(call, "credit", found);
  }

  private static void answer(
      RoutingContext call, String what, Future<? extends @Nullable JsonObject> found) {
    ReadDeadline.keep(found)
        .onSuccess(
            json -> {
              if (json == null) {
                Problem.notFound(what).answer(call.request());
              } else {
                call.json(json);
              }
            })
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a look-up failed", failure);
    return Problem.UNCERTAIN;
  }
}
