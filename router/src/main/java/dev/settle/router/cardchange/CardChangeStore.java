package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.platform.Caller;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Card changes in PostgreSQL, as people move them. What the router moves: {@link DueChanges}. */
public final class CardChangeStore {

  private static final String FACTS =
      """
      SELECT m.name, $2 = '' OR EXISTS (SELECT FROM terminal t WHERE t.merchant_id = $1 AND t.terminal_id = $2) AS has_terminal,
             o.holder, coalesce(number_blocked($1, $3), n.status) AS status,
             coalesce(n.account_id = o.account_id AND n.status <> 'UNVERIFIED', false) AS same_account
      FROM merchant m
      LEFT JOIN account o ON o.account_id = account_in_effect($1, $2)
      LEFT JOIN LATERAL (
        SELECT a.account_id, a.status FROM account a
        WHERE a.merchant_id = $1 AND a.number_hash = $3 AND a.bank = $4 AND a.holder = $5 AND a.type = $6
        ORDER BY a.account_id LIMIT 1) n ON true
      WHERE m.merchant_id = $1
      """;

  private static final String SUBMIT =
      """
      SELECT s.* FROM called_by($12, $18, $19) AS c(who)
      CROSS JOIN LATERAL submit_card_change($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,c.who,$13,$14,$15,$16,$17) s
      """;

  private static final String REPORT =
      """
      SELECT r.status, r.version FROM called_by($5, $6, $7) AS c(who)
      CROSS JOIN LATERAL report_account($1,$2,$3,$4,c.who) r
      """;

  private static final String APPROVE =
      """
      SELECT done.* FROM called_by($2, $3, $4) AS c(who)
      CROSS JOIN LATERAL approve_card_change($1, c.who, 'CHECKER') done
      """;

  private static final String END =
      """
      SELECT e.* FROM called_by($3, $6, $7) AS c(who)
      CROSS JOIN LATERAL end_card_change($1, $2, c.who, $4, $5) e
      """;

  // The merchant's latest, while it is open or in effect. An account that is to be verified anew,
  // or
  // is blocked, is applied for anew.
  private static final String SAME =
      """
      SELECT c.change_id FROM card_change c JOIN account a ON a.account_id = c.account_id
      WHERE c.change_id = (SELECT max(l.change_id) FROM card_change l WHERE l.merchant_id = $1)
        AND (c.open OR c.state = 'EFFECTIVE' AND a.status = 'ACTIVE')
        AND c.maker = $2 AND c.terminal_id = $3 AND a.number_hash = $4 AND a.bank = $5 AND a.holder = $6 AND a.type = $7
        AND c.branch IS NOT DISTINCT FROM $8 AND c.reason = $9 AND c.effective_from IS NOT DISTINCT FROM $10
        AND ARRAY(SELECT kind FROM card_change_document WHERE change_id = c.change_id ORDER BY place) = $11::text[]
        AND ARRAY(SELECT ref FROM card_change_document WHERE change_id = c.change_id ORDER BY place) = $12::text[]
      """;

  /** By name: a column that the next release adds changes nothing that is read here. */
  private static final String HEAD =
      """
      SELECT c.change_id, c.merchant_id, c.terminal_id, c.account_id, c.branch, c.reason, c.effective_from, c.maker, c.checker,
             c.state, c.attempts, c.last_error, c.name_match, c.test_credit, c.test_credit_id, c.test_credit_reason,
             c.submitted_at, c.expires_at, c.effective_at, c.version, a.bank, a.last4, a.holder, a.type""";

  private static final String ONE =
      HEAD
          + """
      , s.*, d.*
      FROM card_change c
      JOIN account a ON a.account_id = c.account_id
      CROSS JOIN LATERAL (
        SELECT array_agg(moved_at ORDER BY step_no) AS times, array_agg(from_state ORDER BY step_no) AS froms,
               array_agg(to_state ORDER BY step_no) AS tos, array_agg(moved_by ORDER BY step_no) AS bys,
               array_agg(detail ORDER BY step_no) AS details
        FROM card_change_step WHERE change_id = c.change_id) s
      CROSS JOIN LATERAL (
        SELECT array_agg(kind ORDER BY place) AS kinds, array_agg(ref ORDER BY place) AS refs
        FROM card_change_document WHERE change_id = c.change_id) d
      WHERE c.change_id = $1
      """;

  private static final String LIST =
      HEAD
          + """

      FROM card_change c JOIN account a ON a.account_id = c.account_id
      WHERE c.state = $1 AND ($2::bigint IS NULL OR c.change_id < $2) ORDER BY c.change_id DESC LIMIT $3
      """;

  private static final String LIST_OF_MERCHANT =
      HEAD
          + """

      FROM card_change c JOIN account a ON a.account_id = c.account_id
      WHERE c.merchant_id = $1 AND ($2::bigint IS NULL OR c.change_id < $2) AND ($4::text IS NULL OR c.state = $4)
      ORDER BY c.change_id DESC LIMIT $3
      """;

  private final SqlClient client;
  private final AccountCipher cipher;

  public CardChangeStore(SqlClient client, AccountCipher cipher) {
    this.client = client;
    this.cipher = cipher;
  }

  DueChanges due() {
    return new DueChanges(client);
  }

  /**
   * The change that the same application by the same maker has made already, if it is the
   * merchant's latest and still open or in effect; null: this is another.
   */
  Future<@Nullable Long> same(String merchantId, Draft draft, String maker) {
    String text = draft.effectiveFrom();
    OffsetDateTime from = text == null ? null : Times.parse(text);
    if (text != null && from == null) {
      return Future.succeededFuture(null);
    }
    Tuple parameters =
        Tuple.of(merchantId, maker, storable(draft.scope()), hash(merchantId, draft))
            .addString(storable(draft.bank()))
            .addString(storable(draft.holder()))
            .addString(storable(draft.type()))
            .addString(draft.branch() == null ? null : storable(draft.branch()))
            .addString(storable(draft.reason()))
            .addOffsetDateTime(from)
            .addArrayOfString(texts(draft, Draft.Document::kind))
            .addArrayOfString(texts(draft, Draft.Document::ref));
    return client
        .preparedQuery(SAME)
        .execute(parameters)
        .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong(0));
  }

  private static String[] texts(Draft draft, Function<Draft.Document, @Nullable String> text) {
    return draft.documents().stream()
        .map(document -> storable(text.apply(document)))
        .toArray(String[]::new);
  }

  private Buffer hash(String merchantId, Draft draft) {
    return draft.number() == null
        ? Buffer.buffer()
        : Buffer.buffer(cipher.hash(merchantId, draft.number()));
  }

  /** What the draft is checked against; null when nobody knows the merchant. */
  Future<@Nullable MerchantFacts> facts(String merchantId, Draft draft) {
    Tuple parameters =
        Tuple.of(
            merchantId,
            storable(draft.scope()),
            hash(merchantId, draft),
            storable(draft.bank()),
            storable(draft.holder()),
            storable(draft.type()));
    return client
        .preparedQuery(FACTS)
        .execute(parameters)
        .map(rows -> rows.size() == 0 ? null : facts(rows.iterator().next()));
  }

  /**
   * What nothing stored can be is not even asked for: PostgreSQL's text holds no NUL, no text of
   * ours holds an account number, and the database may log what it is asked.
   */
  private static String storable(@Nullable String text) {
    return text == null || text.indexOf('\0') >= 0 || HiddenNumber.mayBeIn(text) ? "?" : text;
  }

  private static MerchantFacts facts(Row row) {
    String status = row.getString("status");
    return new MerchantFacts(
        row.getString("name"),
        row.getBoolean("has_terminal"),
        row.getString("holder"),
        row.getBoolean("same_account"),
        status == null ? null : AccountStatus.valueOf(status));
  }

  /**
   * Hears what a reason says of the account in effect: it is held from now on, whatever becomes of
   * the application.
   *
   * @param terminalId the scope; empty: the merchant's default
   */
  Future<Report> report(String merchantId, String terminalId, ChangeReason reason, String by) {
    AccountStatus status = reason.oldAccount();
    if (status == null) {
      return Future.succeededFuture(Report.NONE);
    }
    return client
        .preparedQuery(REPORT)
        .execute(
            Caller.addTo(
                Tuple.of(merchantId, storable(terminalId), status.name(), reason.name(), by)))
        .map(
            rows ->
                rows.size() == 0
                    ? Report.NONE
                    : new Report(
                        AccountStatus.valueOf(rows.iterator().next().getString("status")),
                        rows.iterator().next().getInteger("version") != null));
  }

  /**
   * What became of an application.
   *
   * @param outcome SUBMITTED, UNKNOWN_MERCHANT, OPEN, LIMIT, SAME_ACCOUNT or ACCOUNT_BLOCKED
   * @param changeId the change made, or the open one
   * @param waitSeconds for LIMIT: until it may be sent again
   */
  record Submitted(String outcome, @Nullable Long changeId, int waitSeconds) {}

  Future<Submitted> submit(Application application, String maker, CardChangeSettings settings) {
    return client
        .preparedQuery(SUBMIT)
        .execute(Caller.addTo(parameters(application, maker, settings)))
        .map(rows -> rows.iterator().next())
        .map(
            row -> {
              Integer wait = row.getInteger("wait_seconds");
              return new Submitted(
                  row.getString("outcome"), row.getLong("change"), wait == null ? 0 : wait);
            });
  }

  private Tuple parameters(Application wanted, String maker, CardChangeSettings settings) {
    String merchantId = wanted.merchantId();
    return Tuple.tuple()
        .addString(merchantId)
        .addString(wanted.terminalId())
        .addBuffer(Buffer.buffer(cipher.encrypt(merchantId, wanted.number())))
        .addBuffer(Buffer.buffer(cipher.hash(merchantId, wanted.number())))
        .addString(wanted.number().last4())
        .addString(wanted.bank())
        .addString(wanted.holder())
        .addString(wanted.type())
        .addString(wanted.branch())
        .addString(wanted.reason().name())
        .addOffsetDateTime(wanted.effectiveFrom())
        .addString(maker)
        .addArrayOfString(
            wanted.documents().stream().map(Draft.Document::kind).toArray(String[]::new))
        .addArrayOfString(
            wanted.documents().stream().map(Draft.Document::ref).toArray(String[]::new))
        .addInteger(settings.perDay())
        .addInteger(settings.coolDownHours())
        .addInteger(settings.expiryDays());
  }

  /** The change as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(long changeId) {
    return client
        .preparedQuery(ONE)
        .execute(Tuple.of(changeId))
        .map(rows -> rows.size() == 0 ? null : ChangeJson.whole(rows.iterator().next()));
  }

  /**
   * The newest in a state, one page of {@link Limits#CARD_CHANGES_LISTED}: {@code
   * {"cardChanges","nextBefore"}}.
   *
   * @param before only those made before this change; null: from the newest on
   */
  Future<JsonObject> list(ChangeState state, @Nullable Long before) {
    return client
        .preparedQuery(LIST)
        .execute(Tuple.of(state.name(), before, Limits.CARD_CHANGES_LISTED))
        .map(CardChangeStore::page);
  }

  /**
   * The newest of one merchant, as of {@link #list}.
   *
   * @param state only those in it; null: in whatever state
   */
  Future<JsonObject> listOf(String merchantId, @Nullable ChangeState state, @Nullable Long before) {
    return client
        .preparedQuery(LIST_OF_MERCHANT)
        .execute(
            Tuple.of(
                merchantId,
                before,
                Limits.CARD_CHANGES_LISTED,
                state == null ? null : state.name()))
        .map(CardChangeStore::page);
  }

  private static JsonObject page(RowSet<Row> rows) {
    JsonArray found = new JsonArray();
    rows.forEach(row -> found.add(ChangeJson.head(row)));
    boolean more = found.size() == Limits.CARD_CHANGES_LISTED;
    return new JsonObject()
        .put("cardChanges", found)
        .put(
            "nextBefore",
            more ? found.getJsonObject(found.size() - 1).getString("cardChangeId") : null);
  }

  /**
   * What became of an approval.
   *
   * @param outcome DONE, REPLAYED, UNKNOWN, OWN or STATE
   * @param state the state after it, or the one that does not allow it
   * @param oldAccount what was in effect before
   * @param superseded changes that it superseded
   */
  record Approved(
      String outcome,
      @Nullable String state,
      @Nullable String merchantId,
      @Nullable Long oldAccount,
      @Nullable OffsetDateTime effectiveAt,
      @Nullable Integer version,
      int superseded) {}

  Future<Approved> approve(long changeId, String checker) {
    return client
        .preparedQuery(APPROVE)
        .execute(Caller.addTo(Tuple.of(changeId, checker)))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Approved(
                    row.getString("outcome"),
                    row.getString("state"),
                    row.getString("merchant"),
                    row.getLong("old_account"),
                    row.getOffsetDateTime("effective_at"),
                    row.getInteger("version"),
                    row.getInteger("superseded")));
  }

  /**
   * What became of a rejection or withdrawal.
   *
   * @param outcome DONE, REPLAYED, UNKNOWN, OWN or STATE
   */
  record Ended(String outcome, @Nullable String state) {}

  Future<Ended> end(long changeId, ChangeState to, String by, Mover as, String why) {
    return client
        .preparedQuery(END)
        .execute(Caller.addTo(Tuple.of(changeId, to.name(), by, as.name(), why)))
        .map(rows -> rows.iterator().next())
        .map(row -> new Ended(row.getString("outcome"), row.getString("state")));
  }
}
