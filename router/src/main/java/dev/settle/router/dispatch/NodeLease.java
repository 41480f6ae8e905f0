package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;

/**
 * This process's claim to be alive. Its id is new for every process, so that a restarted node is
 * another owner.
 */
public final class NodeLease {

  private final Pool pool;
  private final long nodeId;

  private NodeLease(Pool pool, long nodeId) {
    this.pool = pool;
    this.nodeId = nodeId;
  }

  public static Future<NodeLease> take(Pool pool, String nodeName) {
    return pool.preparedQuery(
            "INSERT INTO node_lease (name, lease_until) VALUES ($1, clock_timestamp() + $2) RETURNING node_id")
        .execute(Tuple.of(nodeName, Interval.of(Limits.LEASE)))
        .map(rows -> new NodeLease(pool, rows.iterator().next().getLong(0)));
  }

  /** The owner that this process's batches name. */
  public long nodeId() {
    return nodeId;
  }

  Future<Void> renew() {
    return pool.preparedQuery(
            "UPDATE node_lease SET lease_until = clock_timestamp() + $2 WHERE node_id = $1")
        .execute(Tuple.of(nodeId, Interval.of(Limits.LEASE)))
        .mapEmpty();
  }

  /** Ends the lease at once, so that others need not wait for it to run out. */
  public Future<Void> giveUp() {
    return pool.preparedQuery(
            "UPDATE node_lease SET lease_until = clock_timestamp() WHERE node_id = $1")
        .execute(Tuple.of(nodeId))
        .mapEmpty();
  }
}
