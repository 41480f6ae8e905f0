package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Health says whether the database has a synchronous standby; a node without one is ready. */
@ExtendWith(InvariantsHold.class)
class StandbyIT {

  private static final String STANDBY = "standby_of_test";

  private final AtomicBoolean over = new AtomicBoolean();

  private static String standby(Api node) {
    Api.Answer answer = node.getManagement("/health/ready");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("checks").path("standby").asText();
  }

  @Test
  void a_node_says_what_its_database_has(World world) throws Exception {
    assertThat(standby(world.startNode(1))).isEqualTo(StandbyWatch.NONE_NAMED);

    Thread receiver = new Thread(() -> receive(world), STANDBY);
    receiver.start();
    try {
      Awaitility.await("the standby has caught up")
          .until(() -> world.queryLong(senders("state = 'streaming'")) == 1);
      // Of the whole server: no other test of this process runs meanwhile.
      world.execute("ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'");
      world.execute("SELECT pg_reload_conf()");
      Awaitility.await("it is synchronous")
          .until(() -> world.queryLong(senders("sync_state = 'sync'")) == 1);

      assertThat(standby(world.startNode(1))).isEqualTo("ok");
      world.execute("CREATE ROLE nobody_special LOGIN PASSWORD 'x' IN ROLE pg_write_all_data");
      assertThat(standbyAsSeenBy(world, "nobody_special")).isEqualTo(StandbyWatch.HIDDEN);
    } finally {
      world.execute("ALTER SYSTEM RESET synchronous_standby_names");
      world.execute("SELECT pg_reload_conf()");
      world.execute("DROP ROLE IF EXISTS nobody_special");
      over.set(true);
      receiver.join();
    }
  }

  private static String senders(String which) {
    return "SELECT count(*) FROM pg_stat_replication WHERE application_name = '"
        + STANDBY
        + "' AND "
        + which;
  }

  /** What a node would say that may see no more than its own connections. */
  private static String standbyAsSeenBy(World world, String role) throws Exception {
    var database = world.databaseSettings();
    Vertx vertx = Vertx.vertx();
    try {
      var pool =
          Databases.pool(
              vertx, new Settings.Database(database.url(), role, "x"), 1, "standby test");
      StandbyWatch watch = new StandbyWatch(vertx, pool);
      World.await(watch.start());
      return watch.health();
    } finally {
      World.await(vertx.close());
    }
  }

  /** Takes the server's log as a standby does, says that it has it, and throws it away. */
  private void receive(World world) {
    Properties properties = new Properties();
    properties.setProperty("user", world.databaseSettings().user());
    properties.setProperty("password", world.databaseSettings().password());
    properties.setProperty("replication", "true");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("ApplicationName", STANDBY);
    try (Connection connection =
            DriverManager.getConnection(world.databaseSettings().jdbcUrl(), properties);
        PGReplicationStream stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .physical()
                .withStartPosition(
                    LogSequenceNumber.valueOf(
                        world.queryText("SELECT pg_current_wal_flush_lsn()::text")))
                .start()) {
      while (!over.get()) {
        ByteBuffer taken = stream.readPending();
        stream.setFlushedLSN(stream.getLastReceiveLSN());
        stream.setAppliedLSN(stream.getLastReceiveLSN());
        stream.forceUpdateStatus();
        if (taken == null) {
          Thread.sleep(2);
        }
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException("the standby has failed", e);
    }
  }
}
