package dev.settle.router.merchant;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.binding.AccountId;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.StatusChange;
import dev.settle.router.credit.InFlightStore;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Freezing, closing and thawing of single accounts. */
public final class AccountEndpoint {

  private static final Problem VERIFICATION_REQUIRED =
      new Problem(
          409,
          "verification-required",
          "status",
          "The account is not verified. Set it UNVERIFIED; then a card change for it, verified and approved, makes it active.");
  private static final Set<String> STATUSES =
      Arrays.stream(AccountStatus.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

  private final BindingStore store;
  private final InFlightStore inFlight;
  private final Bindings bindings;

  public AccountEndpoint(BindingStore store, InFlightStore inFlight, Bindings bindings) {
    this.store = store;
    this.inFlight = inFlight;
    this.bindings = bindings;
  }

  /**
   * {@code PUT /v1/accounts/{accountId}/status}: answers when no claim in flight can still use the
   * account as it was, with what is on its way to it already.
   */
  public void setStatus(RoutingContext call) {
    OptionalLong accountId = AccountId.parse(call.pathParam("accountId"));
    if (accountId.isEmpty()) {
      Problem.notFound("account").answer(call.request());
      return;
    }
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "an account's status", Set.of("status", "reason", IfVersion.FIELD))
            .compose(document -> set(accountId.getAsLong(), document, by)));
  }

  private Future<JsonObject> set(long accountId, JsonDocument document, String by) {
    AccountStatus status = status(document);
    return store
        .setStatus(accountId, status, ChangeReason.in(document), by, IfVersion.in(document))
        .map(change -> Calls.found(change, "account"))
        .compose(change -> answer(accountId, change));
  }

  private Future<JsonObject> answer(long accountId, StatusChange change) {
    if (change.outcome() == StatusChange.Outcome.VERIFICATION_REQUIRED) {
      return Future.failedFuture(new ProblemException(VERIFICATION_REQUIRED));
    }
    if (change.outcome() == StatusChange.Outcome.OUTDATED) {
      return Future.failedFuture(new ProblemException(IfVersion.OUTDATED));
    }
    Future<JsonObject> onItsWay = inFlight.toAccount(accountId);
    return bindings
        .announce(change.merchantId())
        .compose(told -> onItsWay)
        .map(
            sent ->
                new JsonObject()
                    .put("accountId", AccountId.text(accountId))
                    .put("merchantId", change.merchantId())
                    .put("status", change.status().name())
                    .put("version", change.version())
                    .put("since", Times.text(change.since()))
                    .put("inFlight", sent));
  }

  private static AccountStatus status(JsonDocument document) {
    String status = document.text("status");
    if (!STATUSES.contains(status)) {
      throw document.invalid(
          "status", "ACTIVE, RESTRICTED, FROZEN, CLOSED or UNVERIFIED is expected.");
    }
    return AccountStatus.valueOf(status);
  }
}
