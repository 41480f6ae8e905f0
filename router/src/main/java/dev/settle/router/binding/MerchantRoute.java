package dev.settle.router.binding;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one merchant's money may go, as of one version: what every node keeps in its heap. A higher
 * version is always nearer the truth.
 *
 * @param version bumped by anything that changes where the money may go; greater than 0
 * @param onHold whether settlement to this merchant is stopped
 * @param terminals the terminals registered for the merchant
 * @param account the merchant's default account, if one is in force
 * @param ofTerminals accounts of single terminals, where they differ from the default
 */
public record MerchantRoute(
    String merchantId,
    int version,
    boolean onHold,
    Set<String> terminals,
    @Nullable RouteAccount account,
    Map<String, RouteAccount> ofTerminals) {

  /** The account in force for a terminal, or null. */
  public @Nullable RouteAccount accountFor(String terminalId) {
    RouteAccount own = ofTerminals.get(terminalId);
    return own != null ? own : account;
  }

  /** The newer of two; null counts as older than anything. */
  public static MerchantRoute newer(@Nullable MerchantRoute a, MerchantRoute b) {
    return a == null || b.version > a.version ? b : a;
  }
}
