package dev.settle.router.dispatch;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.Bindings;
import dev.settle.router.explanation.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bank says is closed or frozen is so for us, and the next sales are held instead of refused
 * one by one.
 */
final class RefusedAccounts {

  private static final Logger LOG = LoggerFactory.getLogger(RefusedAccounts.class);

  private final SqlClient client;
  private final Bindings bindings;
  private final DispatchMetrics metrics;

  RefusedAccounts(SqlClient client, Bindings bindings, DispatchMetrics metrics) {
    this.client = client;
    this.bindings = bindings;
    this.metrics = metrics;
  }

  /**
   * A bank's refusal.
   *
   * @param version the merchant's route version that the refused attempt carried
   */
  record RefusedAccount(long accountId, int version, Reason reason, @Nullable String code) {}

  /** What a refusal for this reason makes of the account, or null: nothing. */
  static @Nullable AccountStatus statusBy(Reason reason) {
    return switch (reason) {
      case ACCOUNT_CLOSED -> AccountStatus.CLOSED;
      case ACCOUNT_FROZEN -> AccountStatus.FROZEN;
      default -> null;
    };
  }

  /**
   * Sets the accounts that were refused as closed or frozen so, each once, unless a person has set
   * their status since. Never fails: lost with a crash, it comes again with the next refusal.
   */
  Future<Void> close(String rail, List<RefusedAccount> refused) {
    Map<Long, RefusedAccount> last = new TreeMap<>();
    for (RefusedAccount one : refused) {
      if (statusBy(one.reason()) != null) {
        last.put(one.accountId(), one);
      }
    }
    if (last.isEmpty()) {
      return Future.succeededFuture();
    }
    return write(rail, List.copyOf(last.values()))
        .compose(bindings::refresh)
        .onFailure(failure -> LOG.warn("refused accounts stay as they were", failure))
        .onFailure(failure -> metrics.writeFailed())
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** The merchants whose route changed. */
  private Future<List<String>> write(String rail, List<RefusedAccount> each) {
    return client
        .preparedQuery("SELECT accounts_refused($1,$2,$3,$4,$5)")
        .execute(
            Tuple.tuple()
                .addArrayOfLong(each.stream().map(RefusedAccount::accountId).toArray(Long[]::new))
                .addArrayOfInteger(
                    each.stream().map(RefusedAccount::version).toArray(Integer[]::new))
                .addArrayOfString(
                    each.stream()
                        .map(one -> String.valueOf(statusBy(one.reason())))
                        .toArray(String[]::new))
                .addArrayOfString(each.stream().map(RefusedAccount::code).toArray(String[]::new))
                .addString("rail:" + rail))
        .map(rows -> List.of(rows.iterator().next().getArrayOfStrings(0)));
  }
}
