package dev.settle.sandbox.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One way of keeping a server from its other callers. Every attack is some connections, each of
 * which sends an opening and then, as often as it may, one piece after the other; one that is cut
 * off is made anew. How fast it may is bounded where nothing but processor time is the attack: the
 * attacker has the same processors as the server here, and what it burns itself would be measured.
 *
 * @param name for the command line and tables
 * @param what it does, in a few words
 * @param connections at once
 * @param opening what each sends first
 * @param piece what each sends then, by its number from 0; an empty one is nothing
 * @param piecesPerSecond of each connection
 * @param reads whether it takes what it is answered
 * @param connectsPerSecond connections made in a second, at most
 */
public record Attack(
    String name,
    String what,
    int connections,
    byte[] opening,
    IntFunction<byte[]> piece,
    double piecesPerSecond,
    boolean reads,
    int connectsPerSecond) {

  private static final int SMALL_BUFFER = 4 * 1024;
  private static final int TURN_MILLIS = 5;

  /** The same with another number of connections. */
  public Attack with(int other) {
    return new Attack(name, what, other, opening, piece, piecesPerSecond, reads, connectsPerSecond);
  }

  /** One that runs, on a thread of its own. */
  public static final class Running implements AutoCloseable {

    private final Attack attack;
    private final Target target;
    private final Heard heard = new Heard();
    private final Sources sources = new Sources();
    private final List<Line> lines = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int open;
    private volatile int opened;

    private Running(Attack attack, Target target) {
      this.attack = attack;
      this.target = target;
      this.thread = new Thread(this::run, "attack " + attack.name());
      thread.setDaemon(true);
      thread.start();
    }

    /** What the server has said so far. */
    public Heard heard() {
      return heard;
    }

    /** Connections that are open now. */
    public int open() {
      return open;
    }

    /** Connections made so far. */
    public int opened() {
      return opened;
    }

    private void run() {
      long started = System.nanoTime();
      while (!stopped) {
        double seconds = (System.nanoTime() - started) / 1e9;
        lines.removeIf(line -> !line.wire().isOpen());
        connect((int) (attack.connectsPerSecond() * (seconds + 0.1)));
        long now = System.nanoTime();
        for (Line line : lines) {
          line.turn(attack, now);
        }
        open = lines.size();
        try {
          Thread.sleep(TURN_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          stopped = true;
        }
      }
      lines.forEach(line -> line.wire().close());
    }

    private void connect(int allowed) {
      while (!stopped && lines.size() < attack.connections() && opened < allowed) {
        opened++;
        open = lines.size();
        try {
          Wire wire =
              new Wire(sources.next(), target.port(), attack.reads() ? 0 : SMALL_BUFFER, heard);
          wire.send(attack.opening());
          lines.add(new Line(wire));
        } catch (IOException refused) {
          heard.add("refused");
          return;
        }
      }
    }

    @Override
    public void close() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Begins it. */
  public Running start(Target target) {
    return new Running(this, target);
  }

  /** A connection and how far it is. */
  private static final class Line {

    private final Wire wire;
    private final long sinceNanos = System.nanoTime();
    private int sent;

    Line(Wire wire) {
      this.wire = wire;
    }

    Wire wire() {
      return wire;
    }

    void turn(Attack attack, long now) {
      wire.push();
      double due = (now - sinceNanos) / 1e9 * attack.piecesPerSecond();
      while (sent < due && wire.isReady() && wire.isOpen()) {
        byte[] piece = attack.piece().apply(sent++);
        if (piece.length > 0) {
          wire.send(piece);
        }
      }
      if (attack.reads()) {
        wire.listen();
      }
    }
  }
}
