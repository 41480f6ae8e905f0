package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.dispatch.DispatchStore.Departed;
import dev.settle.router.dispatch.DispatchStore.Settled;
import dev.settle.router.dispatch.OutcomeStore.Word;
import dev.settle.router.dispatch.RefusedAccounts.RefusedAccount;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.Returned;
import dev.settle.router.rail.TransferOutcome.Unclear;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what became of a consignment: one commit settles all its batches, and what the bank said
 * other than "credited" departs from them with its reason.
 */
final class Settler {

  private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

  private final DispatchParts parts;
  private final DispatchStore store;
  private final OutcomeStore outcomes;
  private final RefusedAccounts refusedAccounts;

  Settler(DispatchParts parts) {
    this.parts = parts;
    this.store = new DispatchStore(parts.pool(), parts.owner());
    this.outcomes = new OutcomeStore(parts.pool(), parts.writer(), parts.metrics());
    this.refusedAccounts = new RefusedAccounts(parts.pool(), parts.bindings(), parts.metrics());
  }

  /**
   * Writes the outcomes, one for each parcel. Where nothing at all was found out, the batches stay
   * in doubt as they are.
   */
  Future<Void> settle(
      Rail rail, Consignment sent, List<Parcel> parcels, List<TransferOutcome> outcomes) {
    if (!outcomes.isEmpty() && outcomes.stream().allMatch(Settler::isInDoubt)) {
      return doubt(rail, sent, parcels, null);
    }
    return settleAs(rail, sent, words(parcels, outcomes));
  }

  private static boolean isInDoubt(TransferOutcome outcome) {
    return outcome instanceof TransferOutcome.NotReceived
        || outcome instanceof Unclear unclear && unclear.reason() == Reason.IN_DOUBT;
  }

  private record ItemWord(Item item, Word word) {}

  private static List<ItemWord> words(List<Parcel> parcels, List<TransferOutcome> outcomes) {
    List<ItemWord> words = new ArrayList<>();
    for (int i = 0; i < parcels.size(); i++) {
      Parcel parcel = parcels.get(i);
      List<TransferOutcome> shares = parcel.shares(outcomes.get(i));
      for (int k = 0; k < shares.size(); k++) {
        Item item = parcel.items().get(k);
        BatchMember member = item.member();
        words.add(
            new ItemWord(
                item,
                new Word(
                    parcel.endToEndId(),
                    member.creditId(),
                    member.attempt(),
                    Said.of(shares.get(k)),
                    shares.get(k) instanceof Returned)));
      }
    }
    return words;
  }

  /** What came back first: after the settlement nothing would remind of it. */
  private Future<Void> settleAs(Rail rail, Consignment sent, List<ItemWord> words) {
    List<Word> returned = words.stream().map(ItemWord::word).filter(Word::isReturn).toList();
    List<Departed> departed = new ArrayList<>();
    for (ItemWord word : words) {
      if (!word.word().isReturn() && word.word().said().departure() != null) {
        departed.add(new Departed(word.item(), word.word().said()));
      }
    }
    return outcomes
        .write(rail.name(), source(sent), returned)
        .compose(written -> store.settle(sent, departed, parts.writer()))
        .onSuccess(settled -> count(sent, settled, departed))
        .compose(settled -> contradictions(rail, sent, words, settled))
        .compose(told -> closeAccounts(rail, words));
  }

  private static String source(Consignment sent) {
    return sent.needsClaim() ? "ANSWER" : "ENQUIRY";
  }

  /** Of what the bank had told before, its answer may say something else. */
  private Future<Void> contradictions(
      Rail rail, Consignment sent, List<ItemWord> words, Settled settled) {
    List<Word> again =
        words.stream()
            .map(ItemWord::word)
            .filter(word -> settled.departed().contains(word.creditId()) && !word.isReturn())
            .toList();
    return outcomes.write(rail.name(), source(sent), again).mapEmpty();
  }

  /**
   * Nobody knows: the bank is asked later, ever less often, and one day by a person. Where it does
   * not answer for a batch as a whole, it is asked for each of its credits.
   */
  Future<Void> doubt(
      Rail rail, Consignment claimed, List<Parcel> parcels, @Nullable Throwable cause) {
    LOG.warn(
        "rail {} gave no clear answer to {} batches: {}",
        rail.name(),
        claimed.batches().size(),
        cause == null ? "it does not know yet" : cause.toString());
    parts.metrics().inDoubt(rail.name());
    Instant before = parts.clock().instant().minus(parts.personAfter());
    Set<Long> old = new HashSet<>();
    Set<Long> apart = new HashSet<>();
    Set<Long> young = new HashSet<>();
    for (Batch batch : claimed.batches()) {
      if (batch.claimedAt() != null && batch.claimedAt().isBefore(before)) {
        old.add(batch.batchId());
      } else if (cause instanceof Carrier.Unanswered
          && batch.tries() >= Limits.ENQUIRIES_AS_A_WHOLE) {
        apart.add(batch.batchId());
      } else {
        young.add(batch.batchId());
      }
    }
    return eachFor(rail, claimed.only(old), parcels, Reason.DOUBT_UNRESOLVED)
        .compose(settled -> eachFor(rail, claimed.only(apart), parcels, Reason.IN_DOUBT))
        .compose(
            settled ->
                young.isEmpty()
                    ? Future.succeededFuture()
                    : store.doubt(claimed.only(young), Limits.ENQUIRY_PAUSE_MAX));
  }

  private Future<Void> eachFor(Rail rail, Consignment claimed, List<Parcel> all, Reason reason) {
    if (claimed.batches().isEmpty()) {
      return Future.succeededFuture();
    }
    Set<Long> ids = new HashSet<>();
    claimed.batches().forEach(batch -> ids.add(batch.batchId()));
    List<Parcel> parcels =
        all.stream()
            .filter(parcel -> ids.contains(parcel.items().get(0).batch().batchId()))
            .toList();
    List<TransferOutcome> outcomes = Collections.nCopies(parcels.size(), new Unclear(reason));
    return settleAs(rail, claimed, words(parcels, outcomes));
  }

  private Future<Void> closeAccounts(Rail rail, List<ItemWord> words) {
    List<RefusedAccount> unusable = new ArrayList<>();
    for (ItemWord word : words) {
      Said said = word.word().said();
      if (RefusedAccounts.statusBy(said.reason()) != null) {
        BatchMember member = word.item().member();
        unusable.add(
            new RefusedAccount(member.accountId(), member.version(), said.reason(), said.code()));
      }
    }
    return refusedAccounts.close(rail.name(), unusable);
  }

  private void count(Consignment sent, Settled settled, List<Departed> departed) {
    Map<Long, Integer> outCredits = new HashMap<>();
    Map<Long, Long> outMinor = new HashMap<>();
    Set<Long> before = new HashSet<>(settled.departed());
    for (Departed out : departed) {
      BatchMember member = out.item().member();
      if (before.add(member.creditId())) {
        outCredits.merge(out.item().batch().batchId(), 1, Integer::sum);
        outMinor.merge(
            out.item().batch().batchId(), out.said().unposted(member.amountMinor()), Long::sum);
        if (out.said().word().equals("REJECTED")) {
          parts.metrics().rejected(sent.rail(), out.said().reason().name(), 1);
        }
      }
    }
    for (Batch batch : sent.only(settled.settled()).batches()) {
      List<BatchMember> mine =
          batch.members().stream()
              .filter(member -> !settled.departed().contains(member.creditId()))
              .toList();
      long minor = mine.stream().mapToLong(BatchMember::amountMinor).sum();
      parts
          .metrics()
          .posted(
              batch.rail(),
              batch.currency(),
              mine.size() - outCredits.getOrDefault(batch.batchId(), 0),
              minor - outMinor.getOrDefault(batch.batchId(), 0L),
              batch.recordedAt());
    }
  }
}
