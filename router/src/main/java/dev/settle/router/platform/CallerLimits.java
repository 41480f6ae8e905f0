package dev.settle.router.platform;

/**
 * How much one node takes of its callers, as an operator sets it. What no operator needs to change
 * is in {@link Limits}.
 *
 * @param connections to the public API at once
 * @param connectionsOfOne of these, from one address: an IPv4 address, or an IPv6 network of 64
 *     bits. Behind a proxy that is the proxy, unless that says whose each connection is ({@link
 *     AccessSettings#proxyProtocol})
 * @param personPerSecond calls of one person, steadily; a burst of {@link Limits#RATE_BURST}
 *     seconds' worth is taken at once. 0: no limit
 * @param acquirerPerSecond transactions of one acquirer, likewise
 */
public record CallerLimits(
    int connections, int connectionsOfOne, int personPerSecond, int acquirerPerSecond) {

  public static final CallerLimits DEFAULT = new CallerLimits(16_000, 4_000, 50, 0);
}
