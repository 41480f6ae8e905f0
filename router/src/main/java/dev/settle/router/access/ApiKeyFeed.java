package dev.settle.router.access;

import dev.settle.router.platform.Limits;
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

  private final Vertx vertx;
  private final ApiKeyStore store;
  private final ApiKeys keys;
  private long seen = -1;
  private boolean looking;
  private boolean again;

  public ApiKeyFeed(Vertx vertx, ApiKeyStore store, ApiKeys keys) {
    this.vertx = vertx;
    this.store = store;
    this.keys = keys;
  }

  /** Done when this node knows the keys. */
  public Future<Void> start() {
    vertx.setPeriodic(Limits.API_KEYS_EVERY.toMillis(), tick -> look());
    return read();
  }

  /** Looks now; what comes while it looks is looked at afterwards. */
  public void look() {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    read()
        .onFailure(failure -> LOG.warn("API keys were not looked for; trying again", failure))
        .onComplete(
            done -> {
              looking = false;
              if (again) {
                again = false;
                look();
              }
            });
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
