package dev.settle.router.credit;

import org.jspecify.annotations.Nullable;

/**
 * The credits of one commit that share a batch.
 *
 * @param rail null: they are held
 */
record RecordedGroup(@Nullable String rail, String currency) {}
