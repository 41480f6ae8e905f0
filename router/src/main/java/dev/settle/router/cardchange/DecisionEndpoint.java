package dev.settle.router.cardchange;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.binding.Bindings;
import dev.settle.router.cardchange.CardChangeStore.Approved;
import dev.settle.router.credit.InFlightStore;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Deciding on a card change: a checker approves or rejects it, its maker takes it back. */
public final class DecisionEndpoint {

  private static final Pattern REASON =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,500}");

  private static final Problem MAKER_IS_CHECKER =
      new Problem(403, "maker-is-checker", null, "Who made an application does not decide on it.");
  private static final Problem NOT_ITS_MAKER =
      new Problem(403, "not-its-maker", null, "Only its maker takes an application back.");

  private static final String DONE = "DONE";

  /** The same person has moved it so before: the answer got lost. */
  private static final String REPLAYED = "REPLAYED";

  private final CardChangeStore store;
  private final InFlightStore inFlight;
  private final Bindings bindings;
  private final CardChangeMetrics metrics;

  public DecisionEndpoint(
      CardChangeStore store, InFlightStore inFlight, Bindings bindings, CardChangeMetrics metrics) {
    this.store = store;
    this.inFlight = inFlight;
    this.bindings = bindings;
    this.metrics = metrics;
  }

  /**
   * {@code POST /v1/card-changes/{cardChangeId}/approve}: answered when no claim in flight can use
   * the old account any more, with what is on its way to it.
   */
  public void approve(RoutingContext call) {
    String checker = AccessHandler.caller(call).subject();
    Future<JsonObject> done =
        Calls.noFields(call, "an approval")
            .compose(read -> ChangeId.of(call))
            .compose(id -> store.approve(id, checker).compose(approved -> approved(id, approved)));
    Calls.answer(call, done);
  }

  private Future<JsonObject> approved(long changeId, Approved approved) {
    refuse(approved.outcome(), approved.state(), "approved", MAKER_IS_CHECKER);
    ChangeState state = ChangeState.valueOf(Objects.requireNonNull(approved.state()));
    if (approved.outcome().equals(DONE)) {
      metrics.cardChanges(ChangeState.APPROVED, 1);
      metrics.cardChanges(state, 1);
      metrics.cardChanges(ChangeState.SUPERSEDED, approved.superseded());
    }
    String merchantId = Objects.requireNonNull(approved.merchantId());
    if (state == ChangeState.EFFECTIVE) {
      bindings.announce(merchantId);
    }
    return inFlight(approved.oldAccount())
        .map(
            onItsWay ->
                new JsonObject()
                    .put("cardChangeId", ChangeId.text(changeId))
                    .put("state", state.name())
                    .put("effectiveAt", Times.orNull(approved.effectiveAt()))
                    .put("version", approved.version())
                    .put("inFlight", onItsWay));
  }

  private Future<JsonObject> inFlight(@Nullable Long oldAccount) {
    return oldAccount == null
        ? Future.succeededFuture(InFlightStore.nothing())
        : inFlight.toAccount(oldAccount);
  }

  /** {@code POST /v1/card-changes/{cardChangeId}/reject} with a {@code reason}. */
  public void reject(RoutingContext call) {
    Future<String> why =
        Calls.document(call, "a rejection", Set.of("reason"))
            .map(
                json ->
                    json.plain("reason", REASON, "1 to 500 printable characters are expected."));
    end(call, why, ChangeState.REJECTED, Mover.CHECKER);
  }

  /** {@code POST /v1/card-changes/{cardChangeId}/withdraw}. */
  public void withdraw(RoutingContext call) {
    end(call, Calls.noFields(call, "a withdrawal").map(""), ChangeState.WITHDRAWN, Mover.MAKER);
  }

  private void end(RoutingContext call, Future<String> why, ChangeState to, Mover as) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call, why.compose(reason -> ChangeId.of(call).compose(id -> end(id, to, by, as, reason))));
  }

  private Future<JsonObject> end(long id, ChangeState to, String by, Mover as, String why) {
    return store
        .end(id, to, by, as, why)
        .compose(
            ended -> {
              refuse(
                  ended.outcome(),
                  ended.state(),
                  to == ChangeState.REJECTED ? "rejected" : "withdrawn",
                  as == Mover.MAKER ? NOT_ITS_MAKER : MAKER_IS_CHECKER);
              if (ended.outcome().equals(DONE)) {
                metrics.cardChanges(to, 1);
              }
              return store.find(id);
            })
        .map(Objects::requireNonNull);
  }

  /** Throws the problem of an outcome by which the change does not stand as the caller wants it. */
  private static void refuse(String outcome, @Nullable String state, String what, Problem own) {
    switch (outcome) {
      case DONE, REPLAYED -> {}
      case "UNKNOWN" -> throw ChangeId.unknown();
      case "OWN" -> throw new ProblemException(own);
      default ->
          throw new ProblemException(
              new Problem(
                  409,
                  "card-change-state",
                  null,
                  "The card change is " + state + " and cannot be " + what + "."));
    }
  }
}
