package dev.settle.router.merchant;

import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The merchant's route version that an order was decided by: an order that arrives after a newer
 * one, because its answer was lost and it is carried out late, must not undo that.
 */
final class IfVersion {

  static final String FIELD = "ifVersion";

  /** The route has another version now; nothing was changed. */
  static final Problem OUTDATED =
      new Problem(
          409,
          "route-changed",
          FIELD,
          "The merchant's route has changed since this version. Look at the merchant and decide anew.");

  private IfVersion() {}

  /** The document's {@code ifVersion}, null when it has none. */
  static @Nullable Integer in(JsonDocument document) {
    Long version = document.optionalWholeNumber(FIELD, 1, Integer.MAX_VALUE);
    return version == null ? null : version.intValue();
  }
}
