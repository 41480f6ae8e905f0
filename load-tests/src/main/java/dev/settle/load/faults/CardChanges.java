package dev.settle.load.faults;

import dev.settle.demo.terminal.CardNumbers;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.faults.CardHistory.Card;
import dev.settle.load.faults.CardHistory.Frozen;
import dev.settle.load.faults.RouterApi.Answer;
import dev.settle.load.faults.RouterApi.Call;
import dev.settle.load.faults.RouterApi.Undecided;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * People who change merchants' cards, and some who freeze and thaw one, through the API of
 * whichever node answers; and the journal of what they asked for and were told. Of one merchant one
 * thing is under way at a time, so the order of its cards is known.
 */
final class CardChanges {

  /** Tokens of who does what. */
  record People(String maker, String checker, String operator) {}

  private static final int UNDER_WAY = 200;
  private static final int FREEZES_OF_100 = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  /** A merchant that stays frozen could not be paid: nobody gives up an order before that. */
  private static final Duration ORDER_PATIENCE = Duration.ofMinutes(2);

  private static final Duration END_PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(120);
  private static final Duration LEAST_FROZEN = Duration.ofMillis(500);
  private static final int MOST_FROZEN_MORE = 3_000;

  private final RouterApi router;
  private final People people;
  private final int nodes;
  private final Random random;
  private final Map<Integer, CardHistory> histories = new HashMap<>();
  private final Set<Integer> busy = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private final Semaphore room;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LongAdder changed = new LongAdder();
  private final LongAdder frozen = new LongAdder();
  private final LongAdder undecided = new LongAdder();
  private final LongAdder notStarted = new LongAdder();
  private final List<String> faults = new ArrayList<>();
  private volatile int onlyAt = -1;
  private volatile @Nullable Latest latest;

  /** A change that is surely in effect. */
  record Latest(int merchant, int version) {}

  CardChanges(RouterApi router, People people, int nodes, int merchants, long seed) {
    this.router = router;
    this.people = people;
    this.nodes = nodes;
    this.random = new Random(seed);
    this.room = new Semaphore(Math.min(UNDER_WAY, merchants / 2));
    for (int m = 1; m <= merchants; m++) {
      String number = Merchants.document(m).getJsonObject("account").getString("number");
      numbers.add(number);
      List<Card> cards = new ArrayList<>();
      cards.add(new Card(number, Instant.EPOCH, Instant.EPOCH, new ArrayList<>()));
      histories.put(m, new CardHistory(Merchants.merchantId(m), cards));
    }
  }

  /** Begins {@code perSecond} of them, evenly; 0: none. */
  void start(int perSecond) {
    if (perSecond > 0) {
      clock.scheduleAtFixedRate(this::begin, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }
  }

  /** From now on everybody asks this node first, at twice the rate; negative: any node. */
  void onlyAt(int node) {
    onlyAt = node;
  }

  long changed() {
    return changed.sum();
  }

  long frozen() {
    return frozen.sum();
  }

  /** How often nobody knew what became of a call in the end. */
  long undecided() {
    return undecided.sum();
  }

  /** How many did not begin because too many were under way. */
  long notStarted() {
    return notStarted.sum();
  }

  /** The change that was last known to be in effect. */
  @Nullable Latest latest() {
    return latest;
  }

  /** Begins no more, and waits until everybody has an answer and nothing is frozen. */
  List<String> finish() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(5, TimeUnit.SECONDS);
    threads.shutdown();
    if (!threads.awaitTermination(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      threads.shutdownNow();
      note("card changes that did not come to an end");
    }
    synchronized (faults) {
      return List.copyOf(faults);
    }
  }

  /** What is known of every merchant's cards; after {@link #finish}. */
  Collection<CardHistory> histories() {
    return histories.values();
  }

  private void begin() {
    int often = onlyAt < 0 ? 1 : 2;
    for (int i = 0; i < often; i++) {
      if (room.tryAcquire()) {
        threads.execute(this::playAndRelease);
      } else {
        notStarted.increment();
      }
    }
  }

  private void playAndRelease() {
    int merchant = -1;
    try {
      Random own;
      synchronized (random) {
        own = new Random(random.nextLong());
      }
      merchant = take(own);
      play(merchant, own);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (Undecided nobodyKnows) {
      undecided.increment();
    } catch (RuntimeException fault) {
      note(fault.toString());
    } finally {
      synchronized (busy) {
        busy.remove(merchant);
      }
      room.release();
    }
  }

  /** A merchant of whom nothing is under way; at least half of them are free. */
  private int take(Random own) {
    synchronized (busy) {
      while (true) {
        int merchant = 1 + own.nextInt(histories.size());
        if (busy.add(merchant)) {
          return merchant;
        }
      }
    }
  }

  private void play(int merchant, Random own) throws Undecided, InterruptedException {
    List<Card> cards = cardsOf(merchant);
    Card last = cards.get(cards.size() - 1);
    if (last.known() != null && own.nextInt(100) < FREEZES_OF_100) {
      freezeAndThaw(merchant, last, own);
    } else {
      change(merchant, cards, own);
    }
  }

  private List<Card> cardsOf(int merchant) {
    CardHistory history = histories.get(merchant);
    if (history == null) {
      throw new IllegalArgumentException("merchant " + merchant + " is not ours");
    }
    return history.cards();
  }

  private void change(int merchant, List<Card> cards, Random own)
      throws Undecided, InterruptedException {
    String path = "/v1/merchants/" + Merchants.merchantId(merchant);
    JsonObject effective = effective(path, own);
    String number = newNumber(own);
    String id = apply(path, application(holder(effective), number), own);
    if (id == null || !verified(id, own)) {
      return;
    }
    int place = cards.size();
    Instant asked = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    cards.add(new Card(number, asked, null, new ArrayList<>()));
    Answer answer = ask(people.checker(), "POST", "/v1/card-changes/" + id + "/approve", "{}", own);
    if (answer.status() == 409) {
      // Our own approval, whose answer got lost, when it is in effect.
      answer = ask(people.maker(), "GET", "/v1/card-changes/" + id, null, own);
    }
    if (answer.status() != 200 || !"EFFECTIVE".equals(answer.json().getString("state"))) {
      note("approval of " + id + " was answered " + answer.status() + " " + answer.body());
      return;
    }
    cards.set(place, new Card(number, asked, Instant.now(), new ArrayList<>()));
    changed.increment();
    Integer version = answer.json().getInteger("version");
    if (version != null) {
      latest = new Latest(merchant, version);
    }
  }

  private @Nullable String apply(String path, JsonObject application, Random own)
      throws Undecided, InterruptedException {
    for (int attempt = 0; attempt < 2; attempt++) {
      Answer answer =
          ask(people.maker(), "POST", path + "/card-changes", application.encode(), own);
      if (answer.status() == 201 || answer.status() == 200) {
        return answer.json().getString("cardChangeId");
      }
      if (answer.status() != 409) {
        note("application for " + path + " was answered " + answer.status() + " " + answer.body());
        return null;
      }
      withdrawOpen(path, own);
    }
    return null;
  }

  /** One that an earlier attempt left, whose answer got lost. */
  private void withdrawOpen(String path, Random own) throws Undecided, InterruptedException {
    JsonObject merchant = ask(people.maker(), "GET", path, null, own).json();
    if (merchant.getValue("requested") instanceof JsonObject open) {
      String id = open.getString("cardChangeId");
      ask(people.maker(), "POST", "/v1/card-changes/" + id + "/withdraw", "{}", own);
    }
  }

  private boolean verified(String id, Random own) throws Undecided, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      String state =
          ask(people.maker(), "GET", "/v1/card-changes/" + id, null, own).json().getString("state");
      if ("VERIFIED".equals(state)) {
        return true;
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
    return false;
  }

  /**
   * Each order says by which version of the route it was decided: one that was not answered may be
   * carried out later, by a node that was cut off.
   */
  private void freezeAndThaw(int merchant, Card card, Random own)
      throws Undecided, InterruptedException {
    String path = "/v1/merchants/" + Merchants.merchantId(merchant);
    JsonObject before = ask(people.maker(), "GET", path, null, own).json();
    Standing standing = Standing.of(before);
    if (!order(path, standing, "FROZEN", own)) {
      return;
    }
    Instant known = Instant.now();
    frozen.increment();
    try {
      Thread.sleep(LEAST_FROZEN.toMillis() + own.nextInt(MOST_FROZEN_MORE));
    } finally {
      card.frozen().add(new Frozen(known, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
      order(path, standing, "ACTIVE", own);
    }
  }

  /** A merchant's account and the version of his route. */
  private record Standing(String accountId, String status, int version) {

    static Standing of(JsonObject merchant) {
      JsonObject effective = merchant.getJsonObject("effective", new JsonObject());
      return new Standing(
          effective.getJsonObject("account", new JsonObject()).getString("accountId", ""),
          effective.getString("accountStatus", ""),
          merchant.getInteger("routeVersion", 0));
    }
  }

  /** Gives an order until it is so; false when nobody knows whether it is. */
  private boolean order(String path, Standing first, String status, Random own)
      throws InterruptedException {
    int node = own.nextInt(nodes);
    String orders = "/v1/accounts/" + first.accountId() + "/status";
    Standing standing = first;
    long end = System.nanoTime() + ORDER_PATIENCE.toNanos();
    try {
      while (System.nanoTime() - end < 0) {
        String body =
            new JsonObject()
                .put("status", status)
                .put("reason", "A fault run.")
                .put("ifVersion", standing.version())
                .encode();
        Answer answer =
            router.decided(node, new Call(people.operator(), "PUT", orders, body), ORDER_PATIENCE);
        if (answer.status() == 200) {
          return true;
        }
        standing =
            Standing.of(
                router
                    .decided(node, new Call(people.maker(), "GET", path, null), ORDER_PATIENCE)
                    .json());
      }
      note(orders + " did not become " + status);
    } catch (Undecided nobodyKnows) {
      note(orders + " may or may not be " + status + ": " + nobodyKnows.getMessage());
    }
    return false;
  }

  private JsonObject effective(String path, Random own) throws Undecided, InterruptedException {
    return ask(people.maker(), "GET", path, null, own)
        .json()
        .getJsonObject("effective", new JsonObject());
  }

  private static String holder(JsonObject effective) {
    return effective.getJsonObject("account", new JsonObject()).getString("holder", "");
  }

  private String newNumber(Random own) {
    while (true) {
      String number = CardNumbers.any(own);
      synchronized (numbers) {
        if (numbers.add(number)) {
          return number;
        }
      }
    }
  }

  private Answer ask(String token, String method, String path, @Nullable String body, Random own)
      throws Undecided, InterruptedException {
    int only = onlyAt;
    int node = only < 0 ? own.nextInt(nodes) : only;
    return router.decided(node, new Call(token, method, path, body), PATIENCE);
  }

  private static JsonObject application(String holder, String number) {
    return new JsonObject()
        .put(
            "account",
            new JsonObject()
                .put("number", number)
                .put("bank", CardNumbers.BANK)
                .put("holder", holder)
                .put("type", "PERSONAL"))
        .putNull("effectiveFrom")
        .put(
            "documents",
            new JsonArray()
                .add(new JsonObject().put("kind", "IDENTITY").put("ref", "doc-1"))
                .add(new JsonObject().put("kind", "BANK_ACCOUNT_PROOF").put("ref", "doc-2")))
        .put("reason", "NEW_CARD");
  }

  private void note(String fault) {
    synchronized (faults) {
      if (faults.size() < 20) {
        faults.add(fault);
      }
    }
  }
}
