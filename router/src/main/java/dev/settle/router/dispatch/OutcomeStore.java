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
      "SELECT * FROM bank_says($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)";

  // Under an id that it was not sent by, nothing was.
  private static final String OF_CREDIT =
      """
      SELECT $1::bigint AS credit_id, $2::integer AS attempt, a.* FROM attempt_of($1, $2) a
      JOIN credit_batch b USING (batch_id) WHERE NOT b.one_per_account
      """;
  private static final String OF_ACCOUNT =
      """
      SELECT m.credit_id, m.attempt, a.* FROM transfer_members($1, $2) m
      CROSS JOIN LATERAL attempt_of(m.credit_id, m.attempt) a
      JOIN credit_batch b USING (batch_id) WHERE b.one_per_account ORDER BY m.credit_id
      """;

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

  /**
   * One credit that a transfer carried, by one attempt.
   *
   * @param accountId where it was to go; null: the attempt was held and never sent
   * @param version the merchant's route version that the attempt carried
   */
  record Member(
      long creditId, int attempt, long amountMinor, @Nullable Long accountId, int version) {}

  /** The credits that a transfer carried, the oldest first; empty when there was none like it. */
  Future<List<Member>> members(EndToEndId id) {
    if (id instanceof OfCredit credit) {
      return members(OF_CREDIT, Tuple.of(credit.creditId(), credit.attempt()));
    }
    OfAccount account = (OfAccount) id;
    return members(OF_ACCOUNT, Tuple.of(account.batchId(), account.accountId()));
  }

  private Future<List<Member>> members(String sql, Tuple id) {
    return client
        .preparedQuery(sql)
        .execute(id)
        .map(
            rows -> {
              List<Member> members = new ArrayList<>(rows.size());
              rows.forEach(row -> members.add(member(row)));
              return members;
            });
  }

  private static Member member(Row row) {
    return new Member(
        row.getLong("credit_id"),
        row.getInteger("attempt"),
        row.getLong("amount_minor"),
        row.getLong("account_id"),
        row.getInteger("version"));
  }

  /**
   * Writes words in one commit; what each did, in their order.
   *
   * @param source ANSWER or ENQUIRY
   */
  Future<List<Verdict>> write(String rail, String source, List<Word> words) {
    if (words.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return client
        .preparedQuery(SAYS)
        .execute(
            columns(Tuple.tuple().addString(rail).addString(totals()).addString(source), words))
        .map(
            rows -> {
              List<Verdict> verdicts = new ArrayList<>(words.size());
              rows.forEach(row -> verdicts.add(verdict(rail, words, row)));
              return verdicts;
            });
  }

  /** The name of the control totals that words are added to. */
  String totals() {
    return writer + " outcomes";
  }

  /** Adds the columns of words, as {@code bank_says} takes them. */
  static Tuple columns(Tuple before, List<Word> words) {
    List<Said> said = words.stream().map(Word::said).toList();
    List<Retry> retries = said.stream().map(Said::retry).toList();
    return before
        .addArrayOfString(words.stream().map(Word::endToEndId).toArray(String[]::new))
        .addArrayOfLong(words.stream().map(Word::creditId).toArray(Long[]::new))
        .addArrayOfInteger(words.stream().map(Word::attempt).toArray(Integer[]::new))
        .addArrayOfString(said.stream().map(Said::word).toArray(String[]::new))
        .addArrayOfLong(said.stream().map(Said::minor).toArray(Long[]::new))
        .addArrayOfLong(said.stream().map(Said::credited).toArray(Long[]::new))
        .addArrayOfString(said.stream().map(s -> s.reason().name()).toArray(String[]::new))
        .addArrayOfString(said.stream().map(Said::code).toArray(String[]::new))
        .addArrayOfBoolean(said.stream().map(Said::booked).toArray(Boolean[]::new))
        .addArrayOfInteger(said.stream().map(Said::pauseSeconds).toArray(Integer[]::new))
        .addArrayOfInteger(said.stream().map(Said::longestSeconds).toArray(Integer[]::new))
        .addArrayOfInteger(retries.stream().map(Retry::times).toArray(Integer[]::new));
  }

  /** What a row of {@code bank_says} says of its word; counts it. */
  Verdict verdict(String rail, List<Word> words, Row row) {
    Word word = words.get(row.getInteger("place") - 1);
    Verdict verdict = Verdict.valueOf(row.getString("verdict"));
    count(rail, word, verdict, row);
    return verdict;
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
    if (word.isReturn() && "RETURNED".equals(row.getString("wrote"))) {
      metrics.returned(rail, word.said().reason().name());
    }
    if (verdict == Verdict.BREAK) {
      metrics.breakOpened(rail);
    }
  }
}
