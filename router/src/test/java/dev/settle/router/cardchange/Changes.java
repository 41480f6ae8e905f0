package dev.settle.router.cardchange;

import static dev.settle.router.testing.World.await;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.cardchange.CardChangeStore.Submitted;
import dev.settle.router.cardchange.DueChanges.Leased;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Card changes moved straight in the database, without a node whose clock would move them too. */
final class Changes {

  private static final CardChangeSettings UNLIMITED =
      new CardChangeSettings(Set.of(), 1_000_000, 0, false, false, 30);

  final CardChangeStore store;
  final DueChanges due;
  private final World world;

  Changes(World world) {
    this.world = world;
    this.store = new CardChangeStore(world.pool(), world.cipher());
    this.due = store.due();
  }

  /** Onboards merchants M000001 to M00000n. */
  void onboard(int count) throws Exception {
    try (Connection connection = world.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT outcome FROM onboard_merchant(?, ?, '5411', ARRAY[?], ?, ?, ?, '102', ?, 'PERSONAL', 'test')")) {
      for (int n = 1; n <= count; n++) {
        String id = World.merchantId(n);
        AccountNumber number = new AccountNumber(Documents.cardOf(n));
        statement.setString(1, id);
        statement.setString(2, "Shop " + n);
        statement.setString(3, String.format("T%07d", n));
        statement.setBytes(4, world.cipher().encrypt(id, number));
        statement.setBytes(5, world.cipher().hash(id, number));
        statement.setString(6, number.last4());
        statement.setString(7, "李 " + n);
        statement.execute();
      }
    }
  }

  Future<Submitted> submit(
      int merchant, int card, ChangeReason reason, @Nullable OffsetDateTime from, String maker) {
    Application application =
        new Application(
            World.merchantId(merchant),
            "",
            new AccountNumber(Applications.card(card)),
            "102",
            "李 " + merchant,
            "PERSONAL",
            null,
            reason,
            from,
            java.util.List.of());
    return store
        .report(application.merchantId(), "", reason, maker)
        .compose(heard -> store.submit(application, maker, UNLIMITED));
  }

  long submitted(int merchant, int card, @Nullable OffsetDateTime from) throws Exception {
    Submitted submitted = await(submit(merchant, card, ChangeReason.NEW_CARD, from, "alice"));
    Long id = submitted.changeId();
    if (id == null || !submitted.outcome().equals("SUBMITTED")) {
      throw new AssertionError("not taken: " + submitted);
    }
    return id;
  }

  /** A change that waits for a checker. */
  long verified(int merchant, int card, @Nullable OffsetDateTime from) throws Exception {
    long id = submitted(merchant, card, from);
    verifyAll();
    return id;
  }

  /** Leases what is there, and writes that the bank's answer is a match. */
  void verifyAll() throws Exception {
    for (Leased leased : await(due.lease(1_000))) {
      await(due.record(leased, new Verification(NameMatch.MATCH, null), false));
    }
  }

  String state(long id) throws Exception {
    return world.queryText("SELECT state FROM card_change WHERE change_id = " + id);
  }
}
