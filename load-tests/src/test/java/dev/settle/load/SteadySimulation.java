package dev.settle.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;

/**
 * Single sales at a steady rate, open loop, after a ramp: what a quiet day looks like. Promises
 * that every request is accepted. Settings are system properties: {@code target}, {@code token},
 * {@code rate} per second, {@code seconds}, {@code merchants}, {@code batch}.
 */
public class SteadySimulation extends Simulation {

  private static final int RAMP_SECONDS = 5;

  private final HttpProtocolBuilder router =
      http.baseUrl(System.getProperty("target", "http://127.0.0.1:8080"))
          .authorizationHeader("Bearer " + System.getProperty("token", ""))
          .contentTypeHeader("application/json")
          .shareConnections();

  private final Sales sales =
      new Sales(Integer.getInteger("merchants", 200), Integer.getInteger("batch", 1));

  private final ScenarioBuilder steady =
      scenario("steady")
          .exec(feed(sales.feed()))
          .exec(
              http("sale")
                  .post("/v1/transactions")
                  .body(StringBody("#{sale}"))
                  .check(status().is(201), jsonPath("$.creditId").exists()));

  /** Sets the scenario up; Gatling makes one of each simulation. */
  public SteadySimulation() {
    double rate = Integer.getInteger("rate", 500);
    setUp(
            steady.injectOpen(
                rampUsersPerSec(1).to(rate).during(Duration.ofSeconds(RAMP_SECONDS)),
                constantUsersPerSec(rate)
                    .during(Duration.ofSeconds(Integer.getInteger("seconds", 30)))))
        .protocols(router)
        .assertions(global().failedRequests().count().is(0L));
  }
}
