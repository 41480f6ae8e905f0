package dev.settle.router.app;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether this node should get traffic, and why not. */
final class Health {

  private static final long DATABASE_DEADLINE_MILLIS = 2_000;

  private final Vertx vertx;
  private final Pool pool;
  private final HazelcastInstance hazelcast;
  private final Supplier<String> bindings;
  private final Supplier<String> standby;
  private volatile State state = State.STARTING;

  /** Where the node is in its life. */
  private enum State {
    STARTING,
    SERVING,
    DRAINING
  }

  /**
   * @param bindings whether routes are fresh; a node whose routes are not is ready all the same
   * @param standby whether the database has a synchronous standby; a note as well
   */
  Health(
      Vertx vertx,
      Pool pool,
      HazelcastInstance hazelcast,
      Supplier<String> bindings,
      Supplier<String> standby) {
    this.bindings = bindings;
    this.standby = standby;
    this.vertx = vertx;
    this.pool = pool;
    this.hazelcast = hazelcast;
  }

  void serving() {
    state = State.SERVING;
  }

  void draining() {
    state = State.DRAINING;
  }

  /**
   * The answer of {@code /health/ready}: {@code ready}, and every check by name with {@code ok} or
   * what is wrong.
   */
  Future<JsonObject> ready() {
    return database()
        .map(
            database -> {
              JsonObject checks =
                  new JsonObject()
                      .put(
                          "node",
                          state == State.SERVING
                              ? "ok"
                              : state.name().toLowerCase(java.util.Locale.ROOT))
                      .put("database", database)
                      .put(
                          "cluster",
                          hazelcast.getLifecycleService().isRunning() ? "ok" : "member stopped");
              boolean ready = checks.stream().allMatch(check -> "ok".equals(check.getValue()));
              checks.put("bindings", bindings.get()).put("standby", standby.get());
              return new JsonObject().put("ready", ready).put("checks", checks);
            });
  }

  /** A real query with a deadline of our own: it stops waiting, and cancels nothing. */
  private Future<String> database() {
    Future<String> probe = pool.query("SELECT 1").execute().map("ok").otherwise("does not answer");
    return Future.any(probe, vertx.timer(DATABASE_DEADLINE_MILLIS, TimeUnit.MILLISECONDS))
        .map(first -> probe.isComplete() ? probe.result() : "does not answer in time");
  }
}
