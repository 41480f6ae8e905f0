package dev.settle.router.dispatch;

import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.Bindings;
import dev.settle.router.rail.Rails;
import dev.settle.router.routing.Routing;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;

/**
 * What one dispatcher works with.
 *
 * @param pool of {@code Limits.DISPATCHER_CONNECTIONS}, used by this dispatcher alone, and by the
 *     releaser that feeds it
 * @param owner the node's lease id
 * @param writer the name of this event loop's control totals
 * @param personAfter how long a doubt may last before it is a person's move
 */
public record DispatchParts(
    Pool pool,
    long owner,
    String writer,
    Bindings bindings,
    Routing routing,
    AccountVault vault,
    Rails rails,
    InMemory inMemory,
    AccountHealth health,
    DispatchMetrics metrics,
    Clock clock,
    Duration personAfter) {}
