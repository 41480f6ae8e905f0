package dev.settle.router.dispatch;

import dev.settle.router.credit.EndToEndId;
import dev.settle.router.credit.EndToEndId.OfAccount;
import dev.settle.router.credit.EndToEndId.OfCredit;
import dev.settle.router.dispatch.OutcomeStore.Member;
import dev.settle.router.dispatch.OutcomeStore.Verdict;
import dev.settle.router.dispatch.OutcomeStore.Word;
import dev.settle.router.dispatch.RefusedAccounts.RefusedAccount;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailGate;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.NotReceived;
import dev.settle.router.rail.TransferOutcome.Unclear;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks banks, every second, what became of single credits that they took and did not credit, or
 * only in part, that are announced to come back, or that nobody knows of: each under its own
 * end-to-end id, ever less often. What is still unknown after a configured time is a person's move;
 * it is asked about all the same.
 *
 * <p>Nodes may run this at once: what one has taken the others pass over until its lease is over.
 * Belongs to one event loop.
 */
public final class Enquirer {

  private static final Logger LOG = LoggerFactory.getLogger(Enquirer.class);

  private final Vertx vertx;
  private final DispatchParts parts;
  private final OutcomeStore outcomes;
  private final Carrier carrier;
  private final RefusedAccounts accounts;
  private long timer;
  private boolean running;
  private boolean stopped;
  private Future<Void> lastRun = Future.succeededFuture();

  /**
   * @param parts on this event loop
   */
  public Enquirer(Vertx vertx, DispatchParts parts) {
    this.vertx = vertx;
    this.parts = parts;
    this.outcomes = new OutcomeStore(parts.pool(), parts.writer(), parts.metrics());
    this.accounts = new RefusedAccounts(parts.pool(), parts.bindings(), parts.metrics());
    this.carrier = new Carrier(parts.vault(), parts.health(), parts.clock());
  }

  public void start() {
    timer = vertx.setPeriodic(Limits.ENQUIRE_EVERY.toMillis(), tick -> run());
  }

  /** Asks no more; done when what was asked is answered. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return lastRun;
  }

  private void run() {
    if (running || stopped) {
      return;
    }
    running = true;
    lastRun =
        Future.succeededFuture()
            .compose(start -> round(Limits.ENQUIRY_ROUNDS))
            .onFailure(failure -> LOG.warn("an enquiry failed; the next one tries again", failure))
            .otherwiseEmpty()
            .onComplete(done -> running = false);
  }

  private Future<Void> round(int left) {
    List<String> usable =
        parts.rails().all().stream()
            .filter(rail -> rail.capabilities().enquiry() && !parts.rails().gate(rail).isOut())
            .map(Rail::name)
            .toList();
    if (left == 0 || stopped || usable.isEmpty()) {
      return Future.succeededFuture();
    }
    return parts
        .pool()
        .preparedQuery("SELECT *, clock_timestamp() AS now FROM enquiries_due($1, $2, $3)")
        .execute(
            Tuple.tuple()
                .addArrayOfString(usable.toArray(String[]::new))
                .addInteger(Limits.ENQUIRIES)
                .addValue(Interval.of(Limits.ENQUIRY_LEASE)))
        .compose(
            rows -> {
              Map<String, List<Due>> byRail = new LinkedHashMap<>();
              for (Row row : rows) {
                Due due = due(row, parts.clock().instant());
                byRail.computeIfAbsent(row.getString("rail"), r -> new ArrayList<>()).add(due);
              }
              Future<Void> asked = Future.succeededFuture();
              for (var entry : byRail.entrySet()) {
                asked = asked.compose(before -> askApart(entry.getKey(), entry.getValue()));
              }
              return rows.size() < Limits.ENQUIRIES
                  ? asked
                  : asked.compose(before -> round(left - 1));
            });
  }

  /**
   * An open departure that is due.
   *
   * @param version the merchant's route version that it was decided by
   * @param doubted whether nobody knows of it; else the bank took it
   * @param sentAt when it was first sent
   * @param openedAt when the node that sent it last was done with it
   */
  private record Due(
      EndToEndId id,
      long creditId,
      int attempt,
      boolean doubted,
      Reason reason,
      @Nullable Long accountId,
      int version,
      @Nullable Instant sentAt,
      Instant openedAt) {}

  /** Its ages are the database's, so that no node's clock makes a transfer older than it is. */
  private static Due due(Row row, Instant now) {
    Duration ahead = Duration.between(row.getOffsetDateTime("now").toInstant(), now);
    long credit = row.getLong("credit_id");
    int attempt = row.getInteger("attempt");
    OffsetDateTime claimed = row.getOffsetDateTime("claimed_at");
    return new Due(
        row.getBoolean("one_per_account")
            ? new OfAccount(row.getLong("batch_id"), row.getLong("account_id"))
            : new OfCredit(credit, attempt),
        credit,
        attempt,
        row.getString("kind").equals("DOUBT"),
        Reason.valueOf(row.getString("reason")),
        row.getLong("account_id"),
        row.getInteger("version"),
        claimed == null ? null : claimed.toInstant().plus(ahead),
        row.getOffsetDateTime("opened_at").toInstant().plus(ahead));
  }

  /** One bank that does not answer keeps no other from being asked. */
  private Future<Void> askApart(String name, List<Due> due) {
    return ask(name, due)
        .onFailure(failure -> LOG.warn("rail {} could not be asked", name, failure))
        .otherwiseEmpty();
  }

  private Future<Void> ask(String name, List<Due> due) {
    Rail rail = parts.rails().named(name);
    if (rail == null || !parts.rails().gate(rail).tryEnter()) {
      return Future.succeededFuture();
    }
    RailGate gate = parts.rails().gate(rail);
    long start = System.nanoTime();
    Map<EndToEndId, List<Due>> transfers = new LinkedHashMap<>();
    due.forEach(one -> transfers.computeIfAbsent(one.id(), id -> new ArrayList<>()).add(one));
    List<EndToEndId> ids = List.copyOf(transfers.keySet());
    return Future.all(ids.stream().map(outcomes::members).toList())
        .onFailure(unread -> gate.left())
        .compose(
            read -> {
              List<List<Member>> members = read.list();
              return rail.enquire(enquiries(ids, members))
                  .onSuccess(answered -> gate.answered(System.nanoTime() - start))
                  .onFailure(lost -> gate.failed(System.nanoTime() - start, lost))
                  .map(answered -> words(rail, ids, members, transfers, answered));
            })
        .compose(
            words ->
                outcomes
                    .write(name, "ENQUIRY", words)
                    .compose(written -> accounts.close(name, refused(words, written, due))));
  }

  /** The accounts of what the bank said it refused, or gave back. */
  private static List<RefusedAccount> refused(
      List<Word> words, List<Verdict> written, List<Due> due) {
    Map<Long, Due> byCredit = new HashMap<>();
    due.forEach(one -> byCredit.put(one.creditId(), one));
    List<RefusedAccount> refused = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Due of = byCredit.get(words.get(i).creditId());
      if (written.get(i) == Verdict.APPLIED && of != null && of.accountId() != null) {
        Said said = words.get(i).said();
        refused.add(new RefusedAccount(of.accountId(), of.version(), said.reason(), said.code()));
      }
    }
    return refused;
  }

  private static List<Enquiry> enquiries(List<EndToEndId> ids, List<List<Member>> members) {
    List<Enquiry> enquiries = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      long minor = members.get(i).stream().mapToLong(Member::amountMinor).sum();
      enquiries.add(new Enquiry(ids.get(i).text(), minor));
    }
    return enquiries;
  }

  private List<Word> words(
      Rail rail,
      List<EndToEndId> ids,
      List<List<Member>> members,
      Map<EndToEndId, List<Due>> transfers,
      List<TransferOutcome> answered) {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      List<TransferOutcome> shares = Shares.of(amounts(members.get(i)), answered.get(i));
      for (Due due : transfers.getOrDefault(ids.get(i), List.of())) {
        for (int k = 0; k < shares.size(); k++) {
          Member member = members.get(i).get(k);
          if (member.creditId() == due.creditId() && member.attempt() == due.attempt()) {
            TransferOutcome outcome = ended(rail, due, shares.get(k));
            words.add(new Word(ids.get(i).text(), due.creditId(), due.attempt(), Said.of(outcome)));
          }
        }
      }
    }
    return words;
  }

  private static List<Long> amounts(List<Member> members) {
    return members.stream().map(Member::amountMinor).toList();
  }

  /** What is no end by itself may be one by its age. */
  private TransferOutcome ended(Rail rail, Due due, TransferOutcome outcome) {
    if (outcome instanceof NotReceived
        && due.doubted()
        && carrier.isFinal(rail.capabilities(), due.openedAt())) {
      return TransferOutcome.NEVER_RECEIVED;
    }
    if (outcome instanceof NotReceived || outcome instanceof Unclear) {
      Instant before = parts.clock().instant().minus(parts.personAfter());
      boolean old = due.sentAt() != null && due.sentAt().isBefore(before);
      return new Unclear(old ? Reason.DOUBT_UNRESOLVED : due.reason());
    }
    return outcome;
  }
}
