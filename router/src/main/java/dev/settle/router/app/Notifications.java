package dev.settle.router.app;

import dev.settle.router.access.SignatureHandler;
import dev.settle.router.access.WebhookSecrets;
import dev.settle.router.cardchange.BankApplications;
import dev.settle.router.dispatch.BankWords;
import dev.settle.router.notification.NotificationEndpoint;
import dev.settle.router.rail.BankStatuses;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.resolution.ResolutionEndpoint;
import dev.settle.router.resolution.ResolutionStore;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Wires what banks notify, or tell people: who may, and what is done with it. */
final class Notifications {

  private Notifications() {}

  /** The secrets of every rail of a node. Blocking: for start-up. */
  static Map<String, WebhookSecrets> secrets(
      Iterable<Rail> rails, @Nullable Path sandboxSecretsFile) {
    Map<String, WebhookSecrets> secrets = new HashMap<>();
    for (Rail rail : rails) {
      secrets.put(
          rail.name(),
          rail.name().equals(SandboxConnector.NAME) && sandboxSecretsFile != null
              ? WebhookSecrets.inFile(sandboxSecretsFile)
              : WebhookSecrets.NONE);
    }
    return secrets;
  }

  static SignatureHandler signatures(NodeParts parts) {
    return new SignatureHandler(
        parts.notificationSecrets(),
        Clock.systemUTC(),
        parts.metrics()::signatureRefused,
        parts.audit());
  }

  static NotificationEndpoint endpoint(NodeParts parts) {
    Clock clock = Clock.systemUTC();
    Map<String, BankStatuses> statuses =
        parts.rails().all().stream()
            .map(rail -> new BankStatuses(rail.name(), rail.capabilities(), parts.metrics(), clock))
            .collect(Collectors.toMap(BankStatuses::rail, Function.identity()));
    return new NotificationEndpoint(
        parts.notices(),
        words(parts, parts.notices(), "/notices"),
        new BankApplications(parts.cipher(), parts.settings().cardChange(), parts.metrics()),
        statuses,
        parts.metrics(),
        clock);
  }

  static ResolutionEndpoint resolutions(NodeParts parts) {
    return new ResolutionEndpoint(
        new ResolutionStore(parts.queries()),
        new ResolutionStore(parts.control()),
        words(parts, parts.control(), "/resolutions"),
        parts.rails().all().stream()
            .collect(
                Collectors.toMap(Rail::name, rail -> rail.capabilities().neverReceivedAfter())));
  }

  private static BankWords words(NodeParts parts, Pool pool, String totals) {
    return new BankWords(
        pool, parts.settings().nodeName() + totals, parts.bindings(), parts.metrics());
  }
}
