package dev.settle.router.reencryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.keys.AccountKeyset;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A key is not retired while a secret of an API key or a webhook is under it. */
@ExtendWith(InvariantsHold.class)
class SealedSecretsIT {

  private static final byte[] SECRET = "thirty-two bytes of some secret.".getBytes(UTF_8);

  private static void insert(World world, String sql, byte[] sealed) throws SQLException {
    try (Connection connection = world.connect();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setBytes(1, sealed);
      insert.execute();
    }
  }

  private static byte[] read(World world, String sql) throws SQLException {
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBytes(1);
    }
  }

  @Test
  void secrets_are_counted_and_come_under_the_new_key_with_the_numbers(World world)
      throws Exception {
    AccountCipher before = world.cipher();
    insert(
        world,
        "INSERT INTO api_key (key_id, acquirer_id, secret_cipher, created_by) VALUES ('key-12345678', '48201000', ?, 'test')",
        before.seal("api-key key-12345678", SECRET));
    world.execute(
        "INSERT INTO webhook (webhook_id, owner_kind, owner_id, url, kinds, created_by)"
            + " VALUES (1000001, 'ACQUIRER', '48201000', 'https://shop.example/', ARRAY['credit.posted'], 'test')");
    insert(
        world,
        "INSERT INTO webhook_secret (webhook_id, secret_no, cipher) VALUES (1000001, 1, ?)",
        before.seal("webhook-secret/WHUGI1", SECRET));
    Path file = world.accountKeyset();
    int old = AccountKeyset.read(file).keys().get(0).id();
    AccountKeyset.read(file).rotated().replace(file);
    int young = AccountKeyset.read(file).keys().get(1).id();
    AccountKeyset.read(file).promoted(young).replace(file);

    Reencryption.Report report;
    try (Connection connection = world.connect()) {
      assertThat(KeyUse.read(connection).of(old)).isEqualTo(2);
      report = new Reencryption(connection, world.cipher(), changed -> {}).run();
    }

    assertThat(report.changed()).isEqualTo(2);
    assertThat(report.use().of(old)).isZero();
    assertThat(report.use().of(young)).isEqualTo(2);
    AccountKeyset.read(file).without(old).replace(file);
    AccountCipher after = world.cipher();
    assertThat(after.open("api-key key-12345678", read(world, "SELECT secret_cipher FROM api_key")))
        .isEqualTo(SECRET);
    assertThat(
            after.open("webhook-secret/WHUGI1", read(world, "SELECT cipher FROM webhook_secret")))
        .isEqualTo(SECRET);
  }
}
