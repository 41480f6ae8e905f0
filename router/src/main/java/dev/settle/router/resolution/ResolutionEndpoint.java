package dev.settle.router.resolution;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.dispatch.BankWords;
import dev.settle.router.dispatch.BankWords.Transfer;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import dev.settle.router.resolution.ResolutionStore.Decided;
import dev.settle.router.resolution.ResolutionStore.Proposed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a bank said to a person of a transfer whose end nobody knows: one proposes it, another
 * approves it, and it counts as the bank's word.
 */
public final class ResolutionEndpoint {

  private static final Problem OWN =
      new Problem(
          403, "proposer-is-checker", null, "Who proposed a resolution does not decide on it.");
  private static final Problem OPEN =
      new Problem(
          409,
          "resolution-open",
          null,
          "Another resolution of this transfer is undecided; a checker decides on it first.");
  private static final Problem BEING_SENT =
      new Problem(
          409,
          "transfer-being-sent",
          null,
          "The router still asks the bank by itself; propose it when the credit waits as DOUBT_UNRESOLVED.");
  private static final Problem TOO_EARLY =
      new Problem(
          409,
          "transfer-too-young",
          null,
          "It was sent so lately that it may still arrive; propose later that it was not credited.");
  private static final Problem ENDED =
      new Problem(
          409,
          "transfer-not-in-question",
          null,
          "It is known what became of each credit of this transfer; a break is for what does not fit.");

  private final ResolutionStore reading;
  private final ResolutionStore writing;
  private final BankWords words;
  private final Map<String, Duration> windows;

  /**
   * @param words on the same connections as {@code writing}
   * @param windows how long a request of each rail may be on its way
   */
  public ResolutionEndpoint(
      ResolutionStore reading,
      ResolutionStore writing,
      BankWords words,
      Map<String, Duration> windows) {
    this.reading = reading;
    this.writing = writing;
    this.words = words;
    this.windows = Map.copyOf(windows);
  }

  /** {@code POST /v1/rails/{rail}/transfers/{endToEndId}/resolutions}. */
  public void propose(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Future<JsonObject> proposed =
        Calls.document(call, "a resolution", Proposal.FIELDS)
            .map(Proposal::of)
            .compose(
                proposal ->
                    words
                        .transfer(call.pathParam("rail"), call.pathParam("endToEndId"))
                        .compose(transfer -> propose(transfer, proposal, by)))
            .compose(done -> proposed(call, done));
    Calls.answer(call, proposed);
  }

  private Future<Proposed> propose(Transfer transfer, Proposal proposal, String by) {
    Duration window = Calls.found(windows.get(transfer.rail()), "rail");
    return writing.propose(transfer, proposal, amount(proposal, transfer), by, window);
  }

  private static long amount(Proposal proposal, Transfer transfer) {
    long whole = transfer.amountMinor();
    if (whole == 0) {
      throw new ProblemException(Problem.notFound("transfer"));
    }
    if (proposal.minor() == null) {
      return whole;
    }
    if (proposal.minor() > whole) {
      throw new ProblemException(
          Problem.invalid("amountMinor", "The transfer carried " + whole + "."));
    }
    return proposal.minor();
  }

  private Future<JsonObject> proposed(RoutingContext call, Proposed proposed) {
    switch (proposed.outcome()) {
      case "UNKNOWN" -> throw new ProblemException(Problem.notFound("transfer"));
      case "BEING_SENT" -> throw new ProblemException(BEING_SENT);
      case "TOO_EARLY" -> throw new ProblemException(TOO_EARLY);
      case "ENDED" -> throw new ProblemException(ENDED);
      case "OPEN" -> throw new ProblemException(OPEN);
      default -> call.response().setStatusCode(proposed.outcome().equals("DONE") ? 201 : 200);
    }
    return writing.find(Objects.requireNonNull(proposed.id())).map(Objects::requireNonNull);
  }

  /** {@code GET /v1/resolutions}: newest first, a page at a time. */
  public void list(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .compose(
                query ->
                    ReadDeadline.keep(
                        reading.page(open(query.get("open")), before(query.get("before"))))));
  }

  private static @Nullable Boolean open(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (!text.equals("true") && !text.equals("false")) {
      throw new ProblemException(Problem.invalid("open", "true or false is expected."));
    }
    return Boolean.valueOf(text);
  }

  private static @Nullable Long before(@Nullable String text) {
    if (text == null) {
      return null;
    }
    OptionalLong id = ResolutionId.parse(text);
    if (id.isEmpty()) {
      throw new ProblemException(
          Problem.invalid("before", "A resolution's id is expected, such as RS1V."));
    }
    return id.getAsLong();
  }

  /** {@code POST /v1/resolutions/{resolutionId}/approve}: answered when it is written. */
  public void approve(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.noFields(call, "an approval")
            .compose(read -> ResolutionId.of(call))
            .compose(
                id ->
                    writing
                        .decided(id)
                        .compose(decided -> approve(id, by, decided))
                        .compose(outcome -> decided(id, outcome))));
  }

  private Future<String> approve(long id, String by, @Nullable Decided decided) {
    if (decided == null) {
      throw ResolutionId.unknown();
    }
    return words
        .transfer(decided.rail(), decided.endToEndId())
        .map(
            transfer ->
                transfer.said(decided.says().outcome(decided.minor(), transfer.amountMinor())))
        .compose(
            said ->
                writing
                    .approve(id, by, decided.rail(), said)
                    .compose(outcome -> said.closeAccounts().map(outcome)));
  }

  /** {@code POST /v1/resolutions/{resolutionId}/reject}: nothing becomes of it. */
  public void reject(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.noFields(call, "a rejection")
            .compose(read -> ResolutionId.of(call))
            .compose(id -> writing.reject(id, by).compose(outcome -> decided(id, outcome))));
  }

  private Future<JsonObject> decided(long id, String outcome) {
    switch (outcome) {
      case "DONE", "REPLAYED" -> {}
      case "UNKNOWN" -> throw ResolutionId.unknown();
      case "OWN" -> throw new ProblemException(OWN);
      default ->
          throw new ProblemException(
              new Problem(
                  409, "resolution-decided", null, "The resolution is " + outcome + " already."));
    }
    return writing.find(id).map(Objects::requireNonNull);
  }
}
