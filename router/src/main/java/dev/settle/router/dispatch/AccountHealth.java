package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accounts that a bank, which answers for others, does not answer for in time. They are sent apart
 * from the others until it does, so that one account's trouble delays nobody else. Shared by the
 * event loops of a node; how a rail itself is, {@code RailGate} knows.
 */
public final class AccountHealth {

  private final Set<Long> slow = ConcurrentHashMap.newKeySet();
  private final AtomicInteger slowUnderWay = new AtomicInteger();
  private final Map<String, AccountSpacing> spacings = new ConcurrentHashMap<>();

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

  /** The turns of the accounts of a rail that wants time between two transfers to one. */
  AccountSpacing spacing(Rail rail) {
    return spacings.computeIfAbsent(
        rail.name(), name -> new AccountSpacing(rail.capabilities().accountSpacing()));
  }

  boolean isSlow(long account) {
    return !slow.isEmpty() && slow.contains(account);
  }

  /** How many accounts are sent apart. */
  public int slowAccounts() {
    return slow.size();
  }
}
