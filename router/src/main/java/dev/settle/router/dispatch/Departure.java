package dev.settle.router.dispatch;

import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.routing.Decision;

/**
 * A credit that leaves its batch at the fence, because its merchant's route changed, and where it
 * goes instead.
 */
record Departure(Item item, Decision decision) {}
