package dev.settle.router.access;

import dev.settle.router.audit.AuditEvent;
import dev.settle.router.audit.AuditTrail;
import dev.settle.router.platform.Limits;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** What a node knows callers by, and who hears of those it refuses. Used by every event loop. */
public final class Credentials {

  private final Tokens tokens;
  private final ApiKeys apiKeys = new ApiKeys();
  private final SeenSignatures seen = new SeenSignatures(Limits.SIGNATURE_PLACES);
  private final Clock clock;
  private final AuditTrail trail;
  private final Consumer<String> counted;

  /**
   * @param trail records who is refused, and who comes for the first time
   * @param counted hears the code of each refusal
   */
  public Credentials(Tokens tokens, Clock clock, AuditTrail trail, Consumer<String> counted) {
    this.tokens = tokens;
    this.clock = clock;
    this.trail = trail;
    this.counted = counted;
  }

  /** Every code that a caller can be refused with for who he is. */
  public static List<String> refusalCodes() {
    return Refusals.CODES;
  }

  public Tokens tokens() {
    return tokens;
  }

  /** The API keys that are good, to be kept fresh by an {@link ApiKeyFeed}. */
  public ApiKeys apiKeys() {
    return apiKeys;
  }

  /** A connection was refused for the client certificate that it showed; nobody knows whose. */
  public void certificateRefused() {
    count(Refusals.CERTIFICATE_REFUSED);
    trail.refused(
        AuditEvent.refusal(
            AuditEvent.ANONYMOUS, "", "TLS handshake", Refusals.CERTIFICATE_REFUSED, ""));
  }

  Clock clock() {
    return clock;
  }

  AuditTrail trail() {
    return trail;
  }

  void count(String code) {
    counted.accept(code);
  }

  RequestSignatures requestSignatures() {
    return new RequestSignatures(apiKeys, seen, clock);
  }
}
