package dev.settle.router.dispatch;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accounts that a bank, which answers for others, does not answer for in time. They are sent apart
 * from the others until it does, so that one account's trouble delays nobody else. Shared by the
 * event loops of a node; how a rail itself is, {@code RailGate} knows.
 */
public final class AccountHealth {

  private final Set<Long> slow = ConcurrentHashMap.newKeySet();
  private final AtomicInteger slowUnderWay = new AtomicInteger();

  /** By rail: accounts that were sent to within its spacing. */
  private final Map<String, ConcurrentMap<Long, Boolean>> sent = new ConcurrentHashMap<>();

  /**
   * A request that held these accounts was not answered in time, though the rail answers others.
   * Beyond {@link Limits#SLOW_ACCOUNTS} they are not told apart: then it is not the accounts.
   */
  void unanswered(Collection<Long> accounts) {
    for (Long account : accounts) {
      if (slow.size() < Limits.SLOW_ACCOUNTS) {
        slow.add(account);
      }
    }
  }

  /** Takes one of the {@link Limits#SLOW_AT_ONCE} places; the taker gives it back. */
  boolean tryEnter() {
    if (slowUnderWay.incrementAndGet() <= Limits.SLOW_AT_ONCE) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    slowUnderWay.decrementAndGet();
  }

  /** A transfer to this account alone was answered in time. */
  void answered(long account) {
    slow.remove(account);
  }

  /**
   * Whether a transfer may go to the account now, where the rail wants time between two; one that
   * may is taken for sent. Other nodes are not asked: what a bank refuses for their sake is tried
   * again.
   */
  boolean maySendTo(Rail rail, long account) {
    return sent.computeIfAbsent(
                rail.name(),
                name ->
                    Caffeine.newBuilder()
                        .maximumSize(Limits.LOCAL_ACCOUNTS)
                        .expireAfterWrite(rail.capabilities().accountSpacing())
                        .<Long, Boolean>build()
                        .asMap())
            .putIfAbsent(account, true)
        == null;
  }

  boolean isSlow(long account) {
    return !slow.isEmpty() && slow.contains(account);
  }

  /** How many accounts are sent apart. */
  public int slowAccounts() {
    return slow.size();
  }
}
