package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import java.time.Clock;
import java.util.function.Consumer;

/** What a node knows callers by. Used by every event loop. */
public final class Credentials {

  private final Tokens tokens;
  private final ApiKeys apiKeys = new ApiKeys();
  private final SeenSignatures seen = new SeenSignatures(Limits.SIGNATURE_PLACES);
  private final Clock clock;
  private final Consumer<RefusedCall> refused;

  /**
   * @param refused hears of every call that is refused for who made it
   */
  public Credentials(Tokens tokens, Clock clock, Consumer<RefusedCall> refused) {
    this.tokens = tokens;
    this.clock = clock;
    this.refused = refused;
  }

  public Tokens tokens() {
    return tokens;
  }

  /** The API keys that are good, to be kept fresh by an {@link ApiKeyFeed}. */
  public ApiKeys apiKeys() {
    return apiKeys;
  }

  Clock clock() {
    return clock;
  }

  /** Tells who is to hear of it that a call was refused. */
  public void refused(RefusedCall call) {
    refused.accept(call);
  }

  RequestSignatures requestSignatures() {
    return new RequestSignatures(apiKeys, seen, clock);
  }
}
