package dev.settle.demo.story;

import dev.settle.demo.terminal.CardNumbers;
import dev.settle.demo.terminal.Merchants;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What happens in each kind of story, step by step. Each ends with the merchant on a card that can
 * receive, and with no application open. Blocking; safe for several threads.
 */
final class Scripts {

  /** The sandbox bank takes cards that end so for blocked, and for somebody else's. */
  static final String BLOCKED = "0006";

  static final String OF_ANOTHER_NAME = "0001";

  /** How long terminals may take to sell something that the bank then refuses. */
  private static final Duration BLOCK_SHOWS = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final RouterCalls router;
  private final Curtain curtain;

  Scripts(RouterCalls router, Curtain curtain) {
    this.router = router;
    this.curtain = curtain;
  }

  /** Plays a story to its end. */
  void play(StoryOrder order) throws StoryFailure, InterruptedException {
    Random random = new Random(order.seed());
    String merchant = Merchants.merchantId(order.merchant());
    switch (order.kind()) {
      case CARD_CHANGE -> change(merchant, CardNumbers.any(random));
      case THREE_CARD_CHANGES -> threeChanges(merchant, random);
      case FREEZE_AND_THAW -> freezeAndThaw(merchant, random);
      case WRONG_APPLICATIONS -> wrongApplications(merchant, random);
      case BLOCKED_CARD -> blockedCard(merchant, random);
      case REJECTED_CHANGE ->
          router.reject(applied(merchant, CardNumbers.any(random)), "The proof is not legible.");
    }
  }

  /**
   * Brings a merchant whose story broke off to a good end: nothing open, nothing frozen, no card
   * that the bank refuses.
   */
  void restore(int merchantNumber) throws StoryFailure, InterruptedException {
    String merchant = Merchants.merchantId(merchantNumber);
    withdrawWhatIsOpen(merchant);
    JsonObject effective = effective(merchant);
    JsonObject account = effective.getJsonObject("account", new JsonObject());
    if (BLOCKED.equals(account.getString("last4"))) {
      change(merchant, CardNumbers.any(new Random(merchantNumber)));
    } else if ("FROZEN".equals(effective.getString("accountStatus"))) {
      router.setStatus(accountId(account), "ACTIVE", "A story that broke off.");
    }
  }

  private void withdrawWhatIsOpen(String merchant) throws StoryFailure, InterruptedException {
    String open = RouterCalls.openApplication(router.merchant(merchant));
    if (open == null) {
      return;
    }
    try {
      router.withdraw(open);
    } catch (StoryFailure tooLate) {
      // It may have come to its own end in the meantime; what matters is that none is open.
      if (open.equals(RouterCalls.openApplication(router.merchant(merchant)))) {
        throw tooLate;
      }
    }
  }

  private void change(String merchant, String card) throws StoryFailure, InterruptedException {
    router.approve(applied(merchant, card));
  }

  /** Applies for a good card; returns the application when the bank has verified it. */
  private String applied(String merchant, String card) throws StoryFailure, InterruptedException {
    String application = router.apply(merchant, application(merchant, card));
    router.await(application, "VERIFIED");
    return application;
  }

  private void threeChanges(String merchant, Random random)
      throws StoryFailure, InterruptedException {
    change(merchant, CardNumbers.any(random));
    curtain.pause(seconds(random, 2, 8));
    change(merchant, CardNumbers.any(random));
    curtain.pause(seconds(random, 2, 8));
    change(merchant, CardNumbers.any(random));
  }

  private void freezeAndThaw(String merchant, Random random)
      throws StoryFailure, InterruptedException {
    String account = accountId(effective(merchant).getJsonObject("account"));
    router.setStatus(account, "FROZEN", "The bank asks us to wait.");
    curtain.pause(seconds(random, 2, 6));
    router.setStatus(account, "ACTIVE", "The bank has cleared it.");
  }

  private void wrongApplications(String merchant, Random random)
      throws StoryFailure, InterruptedException {
    JsonObject incomplete = application(merchant, CardNumbers.any(random));
    router.applyInVain(merchant, incomplete.put("documents", new JsonArray()));
    curtain.pause(seconds(random, 1, 3));
    router.applyInVain(merchant, application(merchant, CardNumbers.mistyped(random)));
    curtain.pause(seconds(random, 1, 3));
    String another =
        router.apply(
            merchant, application(merchant, CardNumbers.endingIn(OF_ANOTHER_NAME, random)));
    router.await(another, "FAILED_VERIFICATION");
    curtain.pause(seconds(random, 1, 3));
    String corrected = applied(merchant, CardNumbers.any(random));
    if (random.nextBoolean()) {
      router.withdraw(corrected);
    } else {
      router.approve(corrected);
    }
  }

  private void blockedCard(String merchant, Random random)
      throws StoryFailure, InterruptedException {
    change(merchant, CardNumbers.endingIn(BLOCKED, random));
    Curtain.Patience patience = curtain.patience(BLOCK_SHOWS);
    while (!curtain.isFalling()
        && !patience.isOver()
        && !"FROZEN".equals(effective(merchant).getString("accountStatus"))) {
      curtain.pause(LOOK_EVERY);
    }
    curtain.pause(seconds(random, 1, 3));
    change(merchant, CardNumbers.any(random));
  }

  private JsonObject application(String merchant, String card)
      throws StoryFailure, InterruptedException {
    JsonObject present = effective(merchant).getJsonObject("account");
    if (present == null || present.getString("holder") == null) {
      throw new StoryFailure(merchant + " has no account whose holder could have a new card");
    }
    return application(present.getString("holder"), card, "NEW_CARD");
  }

  private static JsonObject application(String holder, String card, String reason) {
    return new JsonObject()
        .put(
            "account",
            new JsonObject()
                .put("number", card)
                .put("bank", CardNumbers.BANK)
                .put("holder", holder)
                .put("type", "PERSONAL"))
        .putNull("effectiveFrom")
        .put(
            "documents",
            new JsonArray().add(document("IDENTITY", 1)).add(document("BANK_ACCOUNT_PROOF", 2)))
        .put("reason", reason);
  }

  private static JsonObject document(String kind, int number) {
    return new JsonObject().put("kind", kind).put("ref", "doc-" + number);
  }

  private JsonObject effective(String merchant) throws StoryFailure, InterruptedException {
    return router.merchant(merchant).getJsonObject("effective", new JsonObject());
  }

  private static String accountId(@Nullable JsonObject account) throws StoryFailure {
    String id = account == null ? null : account.getString("accountId");
    if (id == null) {
      throw new StoryFailure("the merchant has no account in effect");
    }
    return id;
  }

  private static Duration seconds(Random random, int from, int to) {
    return Duration.ofMillis(from * 1_000L + random.nextInt((to - from) * 1_000));
  }
}
