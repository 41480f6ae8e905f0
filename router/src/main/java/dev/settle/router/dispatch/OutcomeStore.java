package dev.settle.router.dispatch;

import dev.settle.router.credit.EndToEndId;
import dev.settle.router.credit.EndToEndId.OfAccount;
import dev.settle.router.credit.EndToEndId.OfCredit;
import dev.settle.router.rail.Retry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what banks say of attempts apart from their answer to the consignment: by enquiry, by
 * notification, in any order and as often as they like. How the attempt stands decides what a word
 * does; that table is {@code bank_says} in the database.
 */
final class OutcomeStore {

  private static final String SAYS =
      "SELECT * FROM bank_says($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)";

  private final SqlClient client;
  private final String writer;
  private final DispatchMetrics metrics;

  OutcomeStore(SqlClient client, String writer, DispatchMetrics metrics) {
    this.client = client;
    this.writer = writer;
    this.metrics = metrics;
  }

  /**
   * What a bank said of one attempt.
   *
   * @param endToEndId as the bank knows it
   */
  record Word(String endToEndId, long creditId, int attempt, Said said, boolean isReturn) {

    Word(String endToEndId, long creditId, int attempt, Said said) {
      this(endToEndId, creditId, attempt, said, said.word().equals("RETURNED"));
    }
  }

  /** What a word did. */
  enum Verdict {
    /** It changed how the attempt stands. */
    APPLIED,
    /** It says nothing new. */
    KNOWN,
    /** It does not fit: a break is open. */
    BREAK,
    /** There was no such attempt on this rail. */
    UNKNOWN
  }

  /** One credit that a transfer carried, by one attempt. */
  record Member(long creditId, int attempt, long amountMinor) {}

  /** The credits that a transfer carried, the oldest first; empty when there was none like it. */
  Future<List<Member>> members(EndToEndId id) {
    if (id instanceof OfCredit credit) {
      return client
          .preparedQuery("SELECT amount_minor FROM attempt_of($1, $2)")
          .execute(Tuple.of(credit.creditId(), credit.attempt()))
          .map(
              rows -> {
                List<Member> members = new ArrayList<>();
                rows.forEach(
                    row ->
                        members.add(
                            new Member(credit.creditId(), credit.attempt(), row.getLong(0))));
                return members;
              });
    }
    OfAccount account = (OfAccount) id;
    return client
        .preparedQuery("SELECT * FROM transfer_members($1, $2)")
        .execute(Tuple.of(account.batchId(), account.accountId()))
        .map(
            rows -> {
              List<Member> members = new ArrayList<>();
              rows.forEach(
                  row ->
                      members.add(new Member(row.getLong(0), row.getInteger(1), row.getLong(2))));
              return members;
            });
  }

  /**
   * Writes words in one commit; what each did, in their order.
   *
   * @param source ANSWER, ENQUIRY, NOTIFICATION or RECONCILIATION
   */
  Future<List<Verdict>> write(String rail, String source, List<Word> words) {
    if (words.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Said> said = words.stream().map(Word::said).toList();
    List<Retry> retries = said.stream().map(Said::retry).toList();
    return client
        .preparedQuery(SAYS)
        .execute(
            Tuple.tuple()
                .addString(rail)
                .addString(writer + " outcomes")
                .addString(source)
                .addArrayOfString(words.stream().map(Word::endToEndId).toArray(String[]::new))
                .addArrayOfLong(words.stream().map(Word::creditId).toArray(Long[]::new))
                .addArrayOfInteger(words.stream().map(Word::attempt).toArray(Integer[]::new))
                .addArrayOfString(said.stream().map(Said::word).toArray(String[]::new))
                .addArrayOfLong(said.stream().map(Said::minor).toArray(Long[]::new))
                .addArrayOfString(said.stream().map(s -> s.reason().name()).toArray(String[]::new))
                .addArrayOfString(said.stream().map(Said::code).toArray(String[]::new))
                .addArrayOfBoolean(said.stream().map(Said::booked).toArray(Boolean[]::new))
                .addArrayOfInteger(said.stream().map(Said::pauseSeconds).toArray(Integer[]::new))
                .addArrayOfInteger(said.stream().map(Said::longestSeconds).toArray(Integer[]::new))
                .addArrayOfInteger(retries.stream().map(Retry::times).toArray(Integer[]::new)))
        .map(
            rows -> {
              List<Verdict> verdicts = new ArrayList<>(words.size());
              for (Row row : rows) {
                Word word = words.get(row.getInteger("place") - 1);
                Verdict verdict = Verdict.valueOf(row.getString("verdict"));
                verdicts.add(verdict);
                count(rail, word, verdict, row);
              }
              return verdicts;
            });
  }

  private void count(String rail, Word word, Verdict verdict, Row row) {
    @Nullable Long minor = row.getLong("posted_minor");
    if (minor != null && minor > 0) {
      Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
      metrics.posted(rail, row.getString("currency"), 1, minor, recordedAt);
    }
    if (verdict == Verdict.APPLIED && word.said().word().equals("REJECTED")) {
      metrics.rejected(rail, word.said().reason().name(), 1);
    }
    if ("RETURNED".equals(row.getString("wrote"))) {
      metrics.returned(rail, word.said().reason().name());
    }
    if (verdict == Verdict.BREAK) {
      metrics.breakOpened(rail);
    }
  }
}
