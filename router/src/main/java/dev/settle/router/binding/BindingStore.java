package dev.settle.router.binding;

import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The truth about routes, in PostgreSQL. */
public final class BindingStore {

  // One statement, so that version, terminals and accounts are of one snapshot.
  private static final String ROUTES =
      """
      SELECT m.merchant_id, m.route_version, m.on_hold,
             (SELECT array_agg(t.terminal_id) FROM terminal t WHERE t.merchant_id = m.merchant_id) AS terminals,
             b.terminal_ids, b.account_ids, b.banks, b.statuses
      FROM merchant m
      LEFT JOIN LATERAL (
        SELECT array_agg(b.terminal_id) AS terminal_ids, array_agg(a.account_id) AS account_ids,
               array_agg(a.bank) AS banks, array_agg(a.status) AS statuses
        FROM binding b JOIN account a USING (account_id)
        WHERE b.merchant_id = m.merchant_id AND upper_inf(b.effective)
      ) b ON true
      WHERE m.merchant_id = ANY ($1)
      UNION ALL
      SELECT '~canary', n.version, false, NULL, NULL, NULL, NULL, NULL FROM route_canary n WHERE '~canary' = ANY ($1)
      """;

  private static final String SET_STATUS =
      """
      SELECT s.* FROM called_by($4, $6, $7) AS c(who)
      CROSS JOIN LATERAL set_account_status($1, $2, $3, c.who, false, $5) s
      """;

  private static final String SET_HOLD =
      """
      SELECT s.outdated, s.version FROM called_by($4, $6, $7) AS c(who)
      CROSS JOIN LATERAL set_merchant_hold($1, $2, $3, c.who, $5) s
      """;

  private static final String REGISTER =
      """
      SELECT r.outcome, r.version FROM called_by($4, $5, $6) AS c(who)
      CROSS JOIN LATERAL register_terminal($1, $2, $3, c.who) r
      """;

  private final Pool pool;

  public BindingStore(Pool pool) {
    this.pool = pool;
  }

  /** The current routes of those merchants that exist. */
  public Future<List<MerchantRoute>> routes(Collection<String> merchantIds) {
    return pool.preparedQuery(ROUTES)
        .execute(Tuple.of(merchantIds.toArray(String[]::new)))
        .map(
            rows -> {
              List<MerchantRoute> routes = new ArrayList<>(rows.size());
              rows.forEach(row -> routes.add(route(row)));
              return routes;
            });
  }

  private static MerchantRoute route(Row row) {
    String[] terminals = row.getArrayOfStrings("terminals");
    String[] boundTerminals = row.getArrayOfStrings("terminal_ids");
    RouteAccount merchants = null;
    Map<String, RouteAccount> ofTerminals = new HashMap<>();
    for (int i = 0; boundTerminals != null && i < boundTerminals.length; i++) {
      RouteAccount account = account(row, i);
      if (boundTerminals[i].isEmpty()) {
        merchants = account;
      } else {
        ofTerminals.put(boundTerminals[i], account);
      }
    }
    return new MerchantRoute(
        row.getString("merchant_id"),
        row.getInteger("route_version"),
        row.getBoolean("on_hold"),
        terminals == null ? Set.of() : Set.of(terminals),
        merchants,
        Map.copyOf(ofTerminals));
  }

  private static RouteAccount account(Row row, int i) {
    return new RouteAccount(
        row.getArrayOfLongs("account_ids")[i],
        row.getArrayOfStrings("banks")[i],
        AccountStatus.valueOf(row.getArrayOfStrings("statuses")[i]));
  }

  /** An account's number as it is stored, and where a bank finds it. */
  record StoredAccount(
      long accountId, String merchantId, Buffer cipherText, String bank, String holder) {}

  Future<List<StoredAccount>> accounts(Collection<Long> accountIds) {
    return pool.preparedQuery(
            "SELECT account_id, merchant_id, number_cipher, bank, holder FROM account WHERE account_id = ANY ($1)")
        .execute(Tuple.of(accountIds.toArray(Long[]::new)))
        .map(
            rows -> {
              List<StoredAccount> accounts = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      accounts.add(
                          new StoredAccount(
                              row.getLong(0),
                              row.getString(1),
                              row.getBuffer(2),
                              row.getString(3),
                              row.getString(4))));
              return accounts;
            });
  }

  /** The same, whatever the merchant's route version is. */
  public Future<@Nullable StatusChange> setStatus(
      long accountId, AccountStatus status, String reason, String by) {
    return setStatus(accountId, status, reason, by, null);
  }

  /**
   * Sets an account's status; done when no claim in flight can still use the account as it was.
   *
   * @param ifVersion the merchant's route version that the order was given by: with any other, it
   *     changes nothing; null: whatever it is
   * @return what came of it, or null when nobody knows the account
   */
  public Future<@Nullable StatusChange> setStatus(
      long accountId, AccountStatus status, String reason, String by, @Nullable Integer ifVersion) {
    return pool.preparedQuery(SET_STATUS)
        .execute(Caller.addTo(Tuple.of(accountId, status.name(), reason, by, ifVersion)))
        .map(rows -> rows.size() == 0 ? null : StatusChange.of(rows.iterator().next()));
  }

  /**
   * What a hold or a release did.
   *
   * @param outdated whether the order was given by another route version, and nothing was done
   * @param version the merchant's route version now
   */
  public record HoldChange(boolean outdated, int version) {}

  /**
   * Stops settlement to a merchant, or releases it; done when no claim in flight can still pay by
   * the route as it was. Null when nobody knows the merchant.
   *
   * @param ifVersion as for {@link #setStatus}
   */
  public Future<@Nullable HoldChange> setHold(
      String merchantId, boolean onHold, String reason, String by, @Nullable Integer ifVersion) {
    return pool.preparedQuery(SET_HOLD)
        .execute(Caller.addTo(Tuple.of(merchantId, onHold, reason, by, ifVersion)))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return null;
              }
              Row row = rows.iterator().next();
              return new HoldChange(row.getBoolean("outdated"), row.getInteger("version"));
            });
  }

  /** Registers one more terminal of a merchant; null when nobody knows the merchant. */
  public Future<@Nullable TerminalRegistration> registerTerminal(
      String merchantId, String terminalId, String by) {
    return pool.preparedQuery(REGISTER)
        .execute(Caller.addTo(Tuple.of(merchantId, terminalId, Limits.MERCHANT_TERMINALS, by)))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return null;
              }
              Row row = rows.iterator().next();
              return new TerminalRegistration(
                  TerminalRegistration.Outcome.valueOf(row.getString("outcome")),
                  row.getInteger("version"));
            });
  }
}
