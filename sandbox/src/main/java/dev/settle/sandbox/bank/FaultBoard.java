package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/** The faults in force and how often each has really fired since the start; for any thread. */
final class FaultBoard {
  private final Map<Fault, LongAdder> fired = new EnumMap<>(Fault.class);
  private final LongAdder notificationsSent = new LongAdder();
  private final LongAdder notificationsGivenUp = new LongAdder();
  private final boolean notifyAll;
  private volatile State state = new State(FaultSet.NONE);

  /**
   * No faults yet.
   *
   * @param notifyAll notifies of everything, whatever the faults say
   */
  FaultBoard(boolean notifyAll) {
    this.notifyAll = notifyAll;
    Fault.all().stream().filter(Fault::counts).forEach(f -> fired.put(f, new LongAdder()));
  }

  /** Puts these faults in the place of all before; the dice start anew from their seed. */
  void replace(FaultSet next) {
    state = new State(next);
  }

  FaultSet current() {
    return state.faults;
  }

  boolean notifiesAll() {
    return notifyAll || current().on(Fault.NOTIFY_ALL);
  }

  /** Throws the dice for a fault of requests, and counts it when it hits. */
  boolean fires(Fault fault) {
    State now = state;
    double rate = now.faults.rate(fault);
    return rate > 0 && now.dice.nextDouble() < rate && count(fault);
  }

  /** Whether the fault hits this id, counted when it does. */
  boolean fires(Fault fault, String id) {
    return current().hits(fault, id) && count(fault);
  }

  /** Whether the switch is on, counted when it is. */
  boolean switched(Fault fault) {
    return current().on(fault) && count(fault);
  }

  /** One of {@code count} ways to misbehave, from 0. */
  int choose(int count) {
    return state.dice.nextInt(count);
  }

  /** Counts a fault that somebody else found to have hit; always true. */
  boolean count(Fault fault) {
    LongAdder counter = fired.get(fault);
    if (counter != null) {
      counter.increment();
    }
    return true;
  }

  void notificationSent() {
    notificationsSent.increment();
  }

  void notificationGivenUp() {
    notificationsGivenUp.increment();
  }

  /** Writes the counts by fault, and what became of notifications, as fields. */
  void writeFired(JsonGenerator json) throws IOException {
    for (var count : fired.entrySet()) {
      json.writeNumberField(count.getKey().field(), count.getValue().sum());
    }
    json.writeNumberField("notificationsSent", notificationsSent.sum());
    json.writeNumberField("notificationsGivenUp", notificationsGivenUp.sum());
  }

  /** Faults and their dice change together. */
  private static final class State {
    final FaultSet faults;
    final Random dice;

    State(FaultSet faults) {
      this.faults = faults;
      this.dice = new Random(faults.seed());
    }
  }
}
