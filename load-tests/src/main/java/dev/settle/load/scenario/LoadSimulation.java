package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Stage;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A scenario: what is asked of the router, when, and what has to be true afterwards. Gatling makes
 * one of each run; who runs it finds it by {@link #last}.
 */
public abstract class LoadSimulation extends Simulation {

  private static final Map<Class<?>, LoadSimulation> PLAYED = new ConcurrentHashMap<>();

  final Stage stage = Stage.current();

  @SuppressWarnings("this-escape") // Nobody looks at it before Gatling has made it.
  LoadSimulation() {
    PLAYED.put(getClass(), this);
  }

  /** The simulation of that class that Gatling played last. */
  public static LoadSimulation last(Class<? extends LoadSimulation> of) {
    LoadSimulation played = PLAYED.get(of);
    if (played == null) {
      throw new IllegalStateException("Gatling has played nothing");
    }
    return played;
  }

  /**
   * Looks, after the last answer, whether what the scenario promises was kept; a simulation that
   * only measures for another one promises nothing. Blocking.
   */
  public abstract void judge(Verdict verdict) throws IOException, InterruptedException;

  /**
   * HTTP/1.1 over connections that all share: a terminal's sale is one request of a connection that
   * is there.
   */
  final HttpProtocolBuilder router() {
    return http.baseUrl(stage.target().api())
        .shareConnections()
        .disableCaching()
        .disableFollowRedirect()
        .userAgentHeader("settle-load");
  }

  /** Sells one sale of {@code sales} for each virtual user that comes. */
  final ChainBuilder sell(String kind, Sales sales) {
    return new Selling(stage, kind, sales, 201).once();
  }

  /** Begins the next part of the run. */
  final ChainBuilder phase(String name) {
    return exec(
        session -> {
          stage.phase(name);
          return session;
        });
  }

  /** Gives the sandbox bank faults; an empty object takes all away. */
  final ChainBuilder bankFaults(String name, JsonObject faults) {
    return exec(
        http(name).put(stage.target().requireBank() + "/faults").body(StringBody(faults.encode())));
  }

  /** From nothing to {@code rate} a second in the ramp, and on at that to the end. */
  final OpenInjectionStep[] rising(double rate) {
    return new OpenInjectionStep[] {
      rampUsersPerSec(Math.min(1, rate)).to(rate).during(stage.ramp()),
      constantUsersPerSec(rate).during(stage.share(1))
    };
  }
}
