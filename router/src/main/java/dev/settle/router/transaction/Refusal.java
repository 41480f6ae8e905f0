package dev.settle.router.transaction;

import org.jspecify.annotations.Nullable;

/**
 * Why a document is refused, in the client's words.
 *
 * @param code from the closed list of {@link RefusalCode}
 * @param field the field at fault, if it is one
 * @param detail one sentence that says what to do; never echoes the value
 */
public record Refusal(RefusalCode code, @Nullable String field, String detail) implements Reading {}
