package dev.settle.router.dispatch;

import dev.settle.router.credit.EndToEndId;
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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one bank what became of its transfers, in enquiries no larger than it takes, one after the
 * other, and writes what it says. One that is not answered is asked again in halves, after the
 * others; a transfer that is not answered for even alone is asked about ever less often.
 */
final class EnquiryTurn {

  private static final Logger LOG = LoggerFactory.getLogger(EnquiryTurn.class);

  private final DispatchParts parts;
  private final Rail rail;
  private final RailGate gate;
  private final OutcomeStore outcomes;
  private final RefusedAccounts accounts;
  private final EnquirySizes sizes;
  private final Map<EndToEndId, List<EnquiryDue>> transfers = new LinkedHashMap<>();
  private final Queue<List<EndToEndId>> enquiries;
  private final long deadline = System.nanoTime() + Limits.BANK_ANSWER.toNanos();
  private boolean told;

  /**
   * @param due open departures of transfers over the rail
   */
  EnquiryTurn(
      DispatchParts parts,
      Rail rail,
      OutcomeStore outcomes,
      RefusedAccounts accounts,
      EnquirySizes sizes,
      List<EnquiryDue> due) {
    this.parts = parts;
    this.rail = rail;
    this.gate = parts.rails().gate(rail);
    this.outcomes = outcomes;
    this.accounts = accounts;
    this.sizes = sizes;
    due.forEach(one -> transfers.computeIfAbsent(one.id(), id -> new ArrayList<>()).add(one));
    this.enquiries =
        new ArrayDeque<>(sizes.enquiries(transfers.keySet(), rail.capabilities().enquiryBulk()));
  }

  /**
   * Begins with a permission of the gate, and gives it back. What there is no time for, or no
   * further permission, is taken again when its lease is over.
   */
  Future<Void> run() {
    if (enquiries.isEmpty()) {
      gate.left();
      return Future.succeededFuture();
    }
    return ask(enquiries.remove()).compose(written -> goOn());
  }

  private Future<Void> goOn() {
    boolean over = enquiries.isEmpty() || System.nanoTime() - deadline > 0;
    return over || !gate.tryEnter() ? Future.succeededFuture() : run();
  }

  private Future<Void> ask(List<EndToEndId> ids) {
    return Future.succeededFuture()
        .compose(start -> Future.all(ids.stream().map(outcomes::members).toList()))
        .onFailure(unread -> gate.left())
        .compose(
            read -> {
              List<List<Member>> members = read.list();
              return answers(ids, members).compose(answered -> write(ids, members, answered));
            });
  }

  /**
   * The bank's answers, none when it did not answer. That says nothing of whether it takes
   * transfers.
   */
  private Future<List<TransferOutcome>> answers(List<EndToEndId> ids, List<List<Member>> members) {
    long start = System.nanoTime();
    return Future.succeededFuture()
        .compose(asked -> rail.enquire(questions(ids, members)))
        .onSuccess(
            answered -> {
              gate.answered(System.nanoTime() - start);
              sizes.answered(ids);
            })
        .recover(
            lost -> {
              gate.left();
              return Future.succeededFuture(unanswered(ids, lost));
            });
  }

  private List<TransferOutcome> unanswered(List<EndToEndId> ids, Throwable lost) {
    if (!told) {
      told = true;
      LOG.warn(
          "rail {} did not say what became of {} of its transfers: {}",
          rail.name(),
          ids.size(),
          lost.toString());
    }
    sizes.unanswered(ids);
    if (ids.size() == 1) {
      return List.of(TransferOutcome.UNCLEAR);
    }
    int half = ids.size() / 2;
    enquiries.add(ids.subList(0, half));
    enquiries.add(ids.subList(half, ids.size()));
    return List.of();
  }

  private static List<Enquiry> questions(List<EndToEndId> ids, List<List<Member>> members) {
    List<Enquiry> questions = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      long minor = members.get(i).stream().mapToLong(Member::amountMinor).sum();
      questions.add(new Enquiry(ids.get(i).text(), minor));
    }
    return questions;
  }

  private Future<Void> write(
      List<EndToEndId> ids, List<List<Member>> members, List<TransferOutcome> answered) {
    List<Word> words = words(ids, members, answered);
    return outcomes
        .write(rail.name(), "ENQUIRY", words)
        .compose(written -> accounts.close(rail.name(), refused(words, written)));
  }

  private List<Word> words(
      List<EndToEndId> ids, List<List<Member>> members, List<TransferOutcome> answered) {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < answered.size(); i++) {
      List<Member> carried = members.get(i);
      List<TransferOutcome> shares =
          Shares.of(carried.stream().map(Member::amountMinor).toList(), answered.get(i));
      for (EnquiryDue due : transfers.getOrDefault(ids.get(i), List.of())) {
        for (int k = 0; k < shares.size(); k++) {
          Member member = carried.get(k);
          if (member.creditId() == due.creditId() && member.attempt() == due.attempt()) {
            TransferOutcome outcome = ended(due, shares.get(k));
            words.add(new Word(ids.get(i).text(), due.creditId(), due.attempt(), Said.of(outcome)));
          }
        }
      }
    }
    return words;
  }

  /** What is no end by itself may be one by its age. */
  private TransferOutcome ended(EnquiryDue due, TransferOutcome outcome) {
    if (outcome instanceof NotReceived
        && due.doubted()
        && Carrier.isFinal(rail.capabilities(), due.openedAt(), parts.clock())) {
      return TransferOutcome.NEVER_RECEIVED;
    }
    if (outcome instanceof NotReceived || outcome instanceof Unclear) {
      Instant before = parts.clock().instant().minus(parts.personAfter());
      boolean old = due.sentAt() != null && due.sentAt().isBefore(before);
      return new Unclear(old ? Reason.DOUBT_UNRESOLVED : due.reason());
    }
    return outcome;
  }

  /** The accounts of what the bank said it refused, or gave back. */
  private List<RefusedAccount> refused(List<Word> words, List<Verdict> written) {
    Map<Long, EnquiryDue> byCredit = new HashMap<>();
    transfers.values().forEach(due -> due.forEach(one -> byCredit.put(one.creditId(), one)));
    List<RefusedAccount> refused = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      EnquiryDue of = byCredit.get(words.get(i).creditId());
      if (written.get(i) == Verdict.APPLIED && of != null && of.accountId() != null) {
        Said said = words.get(i).said();
        refused.add(new RefusedAccount(of.accountId(), of.version(), said.reason(), said.code()));
      }
    }
    return refused;
  }
}
