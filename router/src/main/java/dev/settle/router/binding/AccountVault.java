package dev.settle.router.binding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Account numbers in clear, for the moment a payment is sent. An account's number, bank and holder
 * never change (another card is another account), so what is in the heap cannot be old. Used by
 * every event loop of the node at once.
 */
public final class AccountVault {

  private final Cache<Long, Payee> opened =
      Caffeine.newBuilder().maximumSize(Limits.LOCAL_ACCOUNTS).build();
  private final BindingStore store;
  private final AccountCipher cipher;

  public AccountVault(BindingStore store, AccountCipher cipher) {
    this.store = store;
    this.cipher = cipher;
  }

  /** The payees behind these accounts, each of which must exist. */
  public Future<Map<Long, Payee>> open(Set<Long> accountIds) {
    Map<Long, Payee> found = new HashMap<>(accountIds.size() * 2);
    List<Long> missing = new ArrayList<>();
    for (Long accountId : accountIds) {
      Payee payee = opened.getIfPresent(accountId);
      if (payee != null) {
        found.put(accountId, payee);
      } else {
        missing.add(accountId);
      }
    }
    if (missing.isEmpty()) {
      return Future.succeededFuture(found);
    }
    return store
        .accounts(missing)
        .map(
            stored -> {
              stored.forEach(account -> found.put(account.accountId(), decrypted(account)));
              if (found.size() < accountIds.size()) {
                throw new IllegalStateException("accounts that credits name do not exist");
              }
              return found;
            });
  }

  private Payee decrypted(BindingStore.StoredAccount account) {
    var payee =
        new Payee(
            cipher.decrypt(account.merchantId(), account.cipherText().getBytes()),
            account.bank(),
            account.holder());
    opened.put(account.accountId(), payee);
    return payee;
  }
}
