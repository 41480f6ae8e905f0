package dev.settle.sandbox.attack;

import java.time.Duration;

/** An attack beside honest terminals: what they sold just before it, and while it was on. */
public final class Siege {

  private static final Duration BEGINNING = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Target target;
  private final HonestTerminals honest;
  private final Duration before;
  private final Duration during;

  public Siege(Target target, HonestTerminals honest, Duration before, Duration during) {
    this.target = target;
    this.honest = honest;
    this.before = before;
    this.during = during;
  }

  /**
   * What became of one attack.
   *
   * @param before sales a second without it
   * @param with sales a second while it was on
   * @param open of the attack's connections, at its end
   * @param opened connections that it made in all
   */
  public record Outcome(
      Attack attack, double before, double with, int open, int opened, Heard heard) {

    /** The part of their sales that the honest ones kept. */
    public double ratio() {
      return before == 0 ? 0 : with / before;
    }
  }

  /** Tries it. */
  public Outcome lay(Attack attack) throws InterruptedException {
    double without = honest.rate(before);
    try (Attack.Running running = attack.start(target)) {
      begin(attack, running);
      double with = honest.rate(during);
      return new Outcome(attack, without, with, running.open(), running.opened(), running.heard());
    }
  }

  /** Until it has made all its connections. */
  private static void begin(Attack attack, Attack.Running running) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      Thread.sleep(BEGINNING.toMillis());
    } while (running.opened() < attack.connections() && System.nanoTime() < end);
  }
}
