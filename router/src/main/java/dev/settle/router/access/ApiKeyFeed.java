package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Lookout;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node knows of API keys fresh: looks every two seconds whether any was issued or
 * revoked, and at once when the database says so. While the database is away it goes on with those
 * it knows, which does no harm: without the database nothing is taken or shown. Belongs to one
 * event loop.
 */
public final class ApiKeyFeed {

  /** What the database notifies on. */
  public static final String CHANNEL = "api_key_changed";

  private static final Logger LOG = LoggerFactory.getLogger(ApiKeyFeed.class);

  private final ApiKeyStore store;
  private final ApiKeys keys;
  private long seen = -1;
  private final Lookout lookout;

  public ApiKeyFeed(Vertx vertx, ApiKeyStore store, ApiKeys keys) {
    this.lookout =
        new Lookout(vertx, LOG, "API keys were not looked for; trying again", this::read);
    this.store = store;
    this.keys = keys;
  }

  /** Done when this node knows the keys. */
  public Future<Void> start() {
    return lookout.start(Limits.API_KEYS_EVERY);
  }

  /** Looks now; what comes while it looks is looked at afterwards. */
  public void look() {
    lookout.now();
  }

  /** The number first: what changes after it is read, changes it, and is read once more. */
  private Future<Void> read() {
    return store
        .changes()
        .compose(no -> no == seen ? Future.succeededFuture() : readKeys(no))
        .mapEmpty();
  }

  private Future<Void> readKeys(long no) {
    return store
        .good(keys.all())
        .onSuccess(
            good -> {
              keys.replace(good);
              seen = no;
            })
        .mapEmpty();
  }
}
