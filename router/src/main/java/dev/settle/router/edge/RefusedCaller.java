package dev.settle.router.edge;

import dev.settle.router.access.Principal;
import dev.settle.router.access.Route;

/**
 * A known caller was refused because of a limit, for whoever keeps a record of it.
 *
 * @param from his address
 */
public record RefusedCaller(Principal caller, Route route, Refusal why, String from) {}
