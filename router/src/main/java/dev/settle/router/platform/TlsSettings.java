package dev.settle.router.platform;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who ends TLS, and with what.
 *
 * @param endedBy who does
 * @param certificate PEM: the router's certificate, then the chain up to its authority
 * @param key PEM: its private key
 * @param clientAuthority PEM: the authorities whose certificates callers may show; null: none is
 *     asked for
 * @param clientRevocations PEM: the authorities' list of certificates that are good no more
 */
public record TlsSettings(
    EndedBy endedBy,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path clientAuthority,
    @Nullable Path clientRevocations) {

  /** Who ends TLS. */
  public enum EndedBy {
    /** This process, on the port of the public API. */
    ROUTER,
    /** What stands in front of it, in the same private network. */
    PROXY,
    /** There is none: a demo on one machine. */
    NOBODY
  }

  /** No TLS here. */
  public static final TlsSettings PLAIN = new TlsSettings(EndedBy.NOBODY, null, null, null, null);

  /** Whether this process ends TLS. */
  public boolean isOurs() {
    return endedBy == EndedBy.ROUTER;
  }
}
