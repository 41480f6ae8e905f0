package dev.settle.router.platform;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * By what a node knows who is calling.
 *
 * @param jwks where the public keys are that people's tokens are signed with: an http(s) address or
 *     a file; null: only tokens of the node's own key are taken
 * @param issuer whose tokens those are
 * @param audience whom those are for
 * @param roleClaim the claim that names the role, with {@code /} between the names of nested ones
 * @param longestToken how long a token may be valid from its issue
 * @param proxyProtocol whether each connection to the public API begins with a header of the PROXY
 *     protocol that says whose it is, written by what stands in front
 * @param demo whether this is a demo, in which keys and passwords may be those that everybody knows
 */
public record AccessSettings(
    TlsSettings tls,
    @Nullable String jwks,
    String issuer,
    String audience,
    String roleClaim,
    Duration longestToken,
    boolean proxyProtocol,
    boolean demo) {

  /** The issuer and the audience of tokens that the router mints itself. */
  public static final String OWN_NAME = "settlement-router";

  /** What holds where nothing is set, in a demo on one machine. */
  public static final AccessSettings DEMO =
      new AccessSettings(
          TlsSettings.PLAIN, null, "", OWN_NAME, "role", Duration.ofHours(24), false, true);
}
