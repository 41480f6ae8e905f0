package dev.settle.router.cardchange;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.binding.Bindings;
import dev.settle.router.cardchange.CardChangeStore.Submitted;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Applying for another settlement account, and looking at what was applied for. */
public final class CardChangeEndpoint {

  private static final Pattern MERCHANT_ID = Pattern.compile("[A-Za-z0-9]{1,15}");

  private final CardChangeStore store;
  private final Bindings bindings;
  private final CardChangeSettings settings;
  private final CardChangeMetrics metrics;
  private final ApplicationCheck check;

  public CardChangeEndpoint(
      CardChangeStore store,
      Bindings bindings,
      CardChangeSettings settings,
      CardChangeMetrics metrics) {
    this.store = store;
    this.bindings = bindings;
    this.settings = settings;
    this.metrics = metrics;
    this.check =
        new ApplicationCheck(
            BankDirectory.read(), settings.documents(), CardChangeSettings.DOCUMENT_KINDS);
  }

  /**
   * {@code POST /v1/merchants/{merchantId}/card-changes}. A report that the account in effect is
   * lost, stolen or closed counts whatever is said to the application.
   */
  public void submit(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    String maker = AccessHandler.caller(call).subject();
    Future<JsonObject> done =
        Calls.json(call)
            .map(body -> Draft.read(body.getBytes()))
            .compose(draft -> takeOnce(call, merchantId, draft, maker))
            .compose(store::find)
            .map(Objects::requireNonNull);
    Calls.answer(call, done);
  }

  /** The change that the same application has made already (200), or a new one (201). */
  private Future<Long> takeOnce(RoutingContext call, String merchantId, Draft draft, String maker) {
    if (!MERCHANT_ID.matcher(merchantId).matches()) {
      throw new ProblemException(Problem.notFound("merchant"));
    }
    return store
        .same(merchantId, draft, maker)
        .compose(
            same ->
                same == null ? take(call, merchantId, draft, maker) : Future.succeededFuture(same));
  }

  private Future<Long> take(RoutingContext call, String merchantId, Draft draft, String maker) {
    return report(merchantId, draft, maker)
        .compose(
            report ->
                complete(merchantId, draft, report)
                    .compose(application -> store.submit(application, maker, settings))
                    .compose(
                        submitted ->
                            submitted.outcome().equals("OPEN")
                                ? openOrSame(merchantId, draft, maker, submitted, report)
                                : Future.succeededFuture(taken(call, submitted, report))));
  }

  /** The same, sent twice at once, is one; another is refused while one is open. */
  private Future<Long> openOrSame(
      String merchantId, Draft draft, String maker, Submitted submitted, Report report) {
    return store
        .same(merchantId, draft, maker)
        .map(
            same -> {
              if (same == null) {
                throw open(Objects.requireNonNull(submitted.changeId()), report);
              }
              return same;
            });
  }

  private Future<Report> report(String merchantId, Draft draft, String maker) {
    ChangeReason reason = ChangeReason.parse(draft.reason());
    return reason == null
        ? Future.succeededFuture(Report.NONE)
        : store
            .report(merchantId, draft.scope(), reason, maker)
            .compose(
                report ->
                    report.routeChanged()
                        ? bindings.announce(merchantId).map(report)
                        : Future.succeededFuture(report));
  }

  /** The application without findings, or a problem with all of them. */
  private Future<Application> complete(String merchantId, Draft draft, Report report) {
    return store
        .facts(merchantId, draft)
        .map(
            facts -> {
              if (facts == null) {
                throw new ProblemException(Problem.notFound("merchant"));
              }
              List<Problem.Finding> findings = check.findings(draft, facts, Instant.now());
              if (!findings.isEmpty()) {
                throw incomplete(findings, report);
              }
              return Application.of(merchantId, draft);
            });
  }

  private static ProblemException incomplete(List<Problem.Finding> findings, Report report) {
    return new ProblemException(
        new Problem(
            422,
            "card-change-incomplete",
            findings.get(0).field(),
            report.first() + "Correct every finding and send it again.",
            findings));
  }

  private long taken(RoutingContext call, Submitted submitted, Report report) {
    switch (submitted.outcome()) {
      case "SUBMITTED" -> call.response().setStatusCode(201);
      case "UNKNOWN_MERCHANT" -> throw new ProblemException(Problem.notFound("merchant"));
      case "LIMIT" -> throw limit(call, submitted.waitSeconds(), report);
      // Something happened between the check and the commit: an application took effect, or a
      // block.
      case "ACCOUNT_BLOCKED" ->
          throw incomplete(List.of(ApplicationCheck.blocked("blocked")), report);
      default -> throw incomplete(List.of(ApplicationCheck.SAME_ACCOUNT), report);
    }
    metrics.cardChanges(ChangeState.SUBMITTED, 1);
    return Objects.requireNonNull(submitted.changeId());
  }

  private static ProblemException open(long changeId, Report report) {
    return new ProblemException(
        new Problem(
            409,
            "card-change-open",
            null,
            report.held()
                + "The merchant's application "
                + ChangeId.text(changeId)
                + " is not decided yet; withdraw it, or wait for it."));
  }

  private ProblemException limit(RoutingContext call, int waitSeconds, Report report) {
    call.response().putHeader("Retry-After", String.valueOf(waitSeconds));
    return new ProblemException(
        new Problem(
            429,
            "card-change-limit",
            null,
            report.held()
                + "A merchant has at most "
                + settings.perDay()
                + " applications in 24 hours and "
                + settings.coolDownHours()
                + " hours between changes; come again after Retry-After seconds."));
  }

  /** {@code GET /v1/card-changes/{cardChangeId}}. */
  public void get(RoutingContext call) {
    Calls.answer(
        call, ChangeId.of(call).compose(store::find).map(json -> Calls.found(json, "card change")));
  }

  /**
   * {@code GET /v1/card-changes?state=&merchantId=&before=}: the newest first; of all merchants
   * those that are VERIFIED unless said.
   */
  public void list(RoutingContext call) {
    Calls.answer(call, Future.succeededFuture(call.queryParams()).compose(this::listed));
  }

  private Future<JsonObject> listed(MultiMap query) {
    String state = query.get("state");
    String merchantId = query.get("merchantId");
    Long before = before(query.get("before"));
    if (merchantId == null) {
      return store.list(state(state == null ? ChangeState.VERIFIED.name() : state), before);
    }
    if (!MERCHANT_ID.matcher(merchantId).matches()) {
      throw new ProblemException(
          Problem.invalid("merchantId", "1 to 15 letters or digits are expected."));
    }
    return store.listOf(merchantId, state == null ? null : state(state), before);
  }

  private static ChangeState state(String wanted) {
    return Arrays.stream(ChangeState.values())
        .filter(one -> one.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.invalid(
                        "state",
                        "One of " + Arrays.toString(ChangeState.values()) + " is expected.")));
  }

  private static @Nullable Long before(@Nullable String text) {
    if (text == null) {
      return null;
    }
    OptionalLong change = ChangeId.parse(text);
    if (change.isEmpty()) {
      throw new ProblemException(
          Problem.invalid("before", "nextBefore of the page before is expected."));
    }
    return change.getAsLong();
  }
}
