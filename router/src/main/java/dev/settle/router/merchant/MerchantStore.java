package dev.settle.router.merchant;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountId;
import dev.settle.router.cardchange.ChangeId;
import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Merchants in PostgreSQL. */
public final class MerchantStore {

  private static final String ONBOARD =
      """
      SELECT o.* FROM called_by($11, $12, $13) AS c(who)
      CROSS JOIN LATERAL onboard_merchant($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,c.who) o
      """;

  private static final String PROFILE =
      """
      SELECT m.merchant_id, m.name, m.mcc, m.on_hold, m.route_version, m.onboarded_at,
             (SELECT array_agg(terminal_id ORDER BY terminal_id) FROM terminal t WHERE t.merchant_id = m.merchant_id) AS terminals,
             b.version, lower(b.effective) AS since, a.account_id, a.bank, a.last4, a.holder, a.type, a.status,
             h.reason AS hold_reason, h.changed_at AS hold_since, o.bindings AS of_terminals,
             c.change_id, c.state, c.terminal_id, c.effective_from, c.submitted_at, n.account_id AS new_account_id,
             n.bank AS new_bank, n.last4 AS new_last4, n.holder AS new_holder, n.type AS new_type
      FROM merchant m
      LEFT JOIN binding b ON b.merchant_id = m.merchant_id AND b.terminal_id = '' AND upper_inf(b.effective)
      LEFT JOIN account a ON a.account_id = b.account_id
      LEFT JOIN card_change c ON c.merchant_id = m.merchant_id AND c.open
      LEFT JOIN account n ON n.account_id = c.account_id
      LEFT JOIN LATERAL (
        SELECT reason, changed_at FROM merchant_hold_change c WHERE c.merchant_id = m.merchant_id
        ORDER BY version DESC LIMIT 1
      ) h ON m.on_hold
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
          'terminal_id', t.terminal_id, 'version', t.version, 'since', lower(t.effective), 'status', ta.status,
          'account_id', ta.account_id, 'bank', ta.bank, 'last4', ta.last4, 'holder', ta.holder, 'type', ta.type)
          ORDER BY t.terminal_id) AS bindings
        FROM binding t JOIN account ta USING (account_id)
        WHERE t.merchant_id = m.merchant_id AND t.terminal_id <> '' AND upper_inf(t.effective)
      ) o ON true
      WHERE m.merchant_id = $1
      """;

  private final Pool pool;
  private final AccountCipher cipher;

  public MerchantStore(Pool pool, AccountCipher cipher) {
    this.pool = pool;
    this.cipher = cipher;
  }

  /** What onboarding did. */
  enum Outcome {
    ONBOARDED,
    REPLAYED,
    CONFLICT
  }

  record Onboarded(Outcome outcome, long accountId, int version) {}

  Future<Onboarded> onboard(Merchant merchant, String by) {
    Tuple parameters =
        Tuple.tuple()
            .addString(merchant.merchantId())
            .addString(merchant.name())
            .addString(merchant.mcc())
            .addArrayOfString(merchant.terminals().toArray(String[]::new))
            .addBuffer(Buffer.buffer(cipher.encrypt(merchant.merchantId(), merchant.number())))
            .addBuffer(Buffer.buffer(cipher.hash(merchant.merchantId(), merchant.number())))
            .addString(merchant.number().last4())
            .addString(merchant.bank())
            .addString(merchant.holder())
            .addString(merchant.type())
            .addString(by);
    return pool.preparedQuery(ONBOARD)
        .execute(Caller.addTo(parameters))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Onboarded(
                    Outcome.valueOf(row.getString("outcome")),
                    row.getLong("account"),
                    row.getInteger("version")));
  }

  /** The merchant as the API shows it, or null when nobody knows it. */
  Future<@Nullable JsonObject> profile(String merchantId) {
    return pool.preparedQuery(PROFILE)
        .execute(Tuple.of(merchantId))
        .map(rows -> rows.size() == 0 ? null : json(rows.iterator().next()));
  }

  private static JsonObject json(Row row) {
    String[] terminals = row.getArrayOfStrings("terminals");
    return new JsonObject()
        .put("merchantId", row.getString("merchant_id"))
        .put("name", row.getString("name"))
        .put("mcc", row.getString("mcc"))
        .put("terminals", terminals == null ? new JsonArray() : JsonArray.of((Object[]) terminals))
        .put("onHold", row.getBoolean("on_hold"))
        .put("hold", hold(row))
        .put("routeVersion", row.getInteger("route_version"))
        .put("onboardedAt", Times.text(row.getOffsetDateTime("onboarded_at")))
        .put("requested", row.getLong("change_id") == null ? null : requested(row))
        .put("effective", row.getLong("account_id") == null ? null : effective(row))
        .put("effectiveOfTerminals", ofTerminals(row.getJsonArray("of_terminals")));
  }

  private static @Nullable JsonObject hold(Row row) {
    return row.getString("hold_reason") == null
        ? null
        : new JsonObject()
            .put("reason", row.getString("hold_reason"))
            .put("since", Times.text(row.getOffsetDateTime("hold_since")));
  }

  private static JsonObject effective(Row row) {
    return new JsonObject()
        .put("version", row.getInteger("version"))
        .put("since", Times.text(row.getOffsetDateTime("since")))
        .put("accountStatus", row.getString("status"))
        .put("account", account(row));
  }

  /** The open application for another account. */
  private static JsonObject requested(Row row) {
    String terminalId = row.getString("terminal_id");
    return new JsonObject()
        .put("cardChangeId", ChangeId.text(row.getLong("change_id")))
        .put("state", row.getString("state"))
        .put("terminalId", terminalId.isEmpty() ? null : terminalId)
        .put("effectiveFrom", Times.orNull(row.getOffsetDateTime("effective_from")))
        .put("submittedAt", Times.text(row.getOffsetDateTime("submitted_at")))
        .put(
            "account",
            account(row.getLong("new_account_id"), column -> row.getString("new_" + column)));
  }

  private static JsonArray ofTerminals(@Nullable JsonArray rows) {
    JsonArray bindings = new JsonArray();
    for (int i = 0; rows != null && i < rows.size(); i++) {
      JsonObject row = rows.getJsonObject(i);
      bindings.add(
          new JsonObject()
              .put("terminalId", row.getString("terminal_id"))
              .put("version", row.getInteger("version"))
              .put("since", Times.text(OffsetDateTime.parse(row.getString("since"))))
              .put("accountStatus", row.getString("status"))
              .put("account", account(row.getLong("account_id"), row::getString)));
    }
    return bindings;
  }

  /** The account in a row's columns, without its number. */
  static JsonObject account(Row row) {
    return account(row.getLong("account_id"), row::getString);
  }

  private static JsonObject account(long accountId, UnaryOperator<String> column) {
    return new JsonObject()
        .put("accountId", AccountId.text(accountId))
        .put("bank", column.apply("bank"))
        .put("last4", column.apply("last4"))
        .put("holder", column.apply("holder"))
        .put("type", column.apply("type"));
  }
}
