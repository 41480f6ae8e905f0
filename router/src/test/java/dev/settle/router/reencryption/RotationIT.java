package dev.settle.router.reencryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.keys.AccountKeyset;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys change under a running router: nothing is lost, paid twice or unreadable. */
@ExtendWith(InvariantsHold.class)
class RotationIT {

  private static final int PIECE = 25;
  private static final int MERCHANTS = 2 * PIECE + 10;
  private static final int SELLING = 40;

  @Test
  void keys_rotate_while_payments_run_and_a_run_that_was_cut_off_goes_on(World world)
      throws Exception {
    Path file = world.accountKeyset();
    Api first = world.startNode();
    world.onboard(first, MERCHANTS);
    int old = AccountKeyset.read(file).keys().get(0).id();
    Traffic before = Traffic.start(List.of(first), SELLING, 2, 5, Seeds.of(this));

    // First distribute: every node can read the new key before any writes it.
    AccountKeyset.read(file).rotated().replace(file);
    int young = AccountKeyset.read(file).keys().get(1).id();
    Api second = world.startNode();
    before.stop();
    world.stop(0);

    // Then promote: one node after the other writes it, and all read what is written.
    AccountKeyset.read(file).promoted(young).replace(file);
    Api third = world.startNode();
    Traffic during = Traffic.start(List.of(second, third), SELLING, 2, 5, Seeds.of(this));
    onboard(third, MERCHANTS + 1);
    assertThat(use(world).of(young)).isEqualTo(1);

    assertThatThrownBy(() -> reencrypt(world, RotationIT::cutOff)).hasMessage("cut off");
    assertThat(use(world).of(young)).isEqualTo(1L + PIECE);
    Reencryption.Report rest = reencrypt(world, changed -> {});
    assertThat(rest.changed()).isEqualTo(MERCHANTS - PIECE);
    assertThat(rest.use().of(old)).isZero();
    assertThat(rest.use().of(young)).isEqualTo(MERCHANTS + 1L);

    // The second node does not know yet which key encrypts: what it writes is found and brought
    // along.
    onboard(second, MERCHANTS + 2);
    assertThat(use(world).of(old)).isEqualTo(1);
    during.stop();
    assertThat(during.sales()).isPositive();
    world.stop(1);
    assertThat(reencrypt(world, changed -> {}).changed()).isEqualTo(1);
    assertThat(reencrypt(world, changed -> {}).changed()).isZero();

    // Retired: who starts now has never had the old key, and pays everybody.
    AccountKeyset.read(file).without(old).replace(file);
    Api fourth = world.startNode();
    world.stop(2);
    for (int merchant : new int[] {1, SELLING, MERCHANTS, MERCHANTS + 1, MERCHANTS + 2}) {
      assertThat(fourth.sell(Documents.saleJson(merchant, 900_000 + merchant)).status())
          .isEqualTo(201);
    }
    // The same number is known as the same, under whatever key it is.
    assertThat(fourth.onboardBulk(Documents.merchant(1) + "\n").get(0).path("outcome").asText())
        .isEqualTo("REPLAYED");
    world.settle();
    assertThat(world.queryLong("SELECT count(*) FROM credit_batch WHERE state <> 'POSTED'"))
        .isZero();
  }

  @Test
  void a_node_without_the_key_sends_nothing_and_loses_nothing(World world) throws Exception {
    Path file = world.accountKeyset();
    byte[] good = Files.readAllBytes(file);
    Api api = world.startNode();
    world.onboard(api, 2);
    world.stop(0);

    AccountKeyset.make(null).replace(file);
    AccountCipher wrong = world.cipher();
    assertThatThrownBy(() -> reencrypt(world, changed -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("2 account numbers cannot be read, nothing was changed")
        .hasMessageContaining("keyset file has only " + wrong.keys().get(0).text());
    String said = sellBlindly(world, world.startNode());
    assertThat(said)
        .contains("nothing was sent", "cannot decrypt an account number of M00000")
        .contains("the keyset file has only " + wrong.keys().get(0).text())
        .doesNotContain(Documents.cardOf(1), Documents.cardOf(2));
    assertThat(world.booked()).isEmpty();
    world.kill(1);

    Files.write(file, good);
    world.startNode();
    world.settle();
    assertThat(world.booked()).hasSize(2);
  }

  /** What the node logs until it has tried to pay. */
  private static String sellBlindly(World world, Api blind) throws Exception {
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(blind.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
      assertThat(blind.sell(Documents.saleJson(2, 2)).status()).isEqualTo(201);
      await().until(() -> said.toString(UTF_8).contains("cannot decrypt"));
    } finally {
      System.setErr(err);
      err.print(said.toString(UTF_8));
    }
    return said.toString(UTF_8);
  }

  private static void cutOff(long changed) {
    throw new IllegalStateException("cut off");
  }

  private static void onboard(Api api, int merchant) {
    assertThat(api.onboardBulk(Documents.merchant(merchant) + "\n").get(0).path("outcome").asText())
        .isEqualTo("ONBOARDED");
  }

  private static Reencryption.Report reencrypt(World world, Reencryption.Watch watch)
      throws Exception {
    try (Connection connection = world.connect()) {
      return new Reencryption(connection, world.cipher(), watch, PIECE).run();
    }
  }

  private static KeyUse use(World world) throws Exception {
    try (Connection connection = world.connect()) {
      return KeyUse.read(connection);
    }
  }
}
