package dev.settle.router.audit;

/**
 * Everything that is recorded: the rows of the table {@code audit_action}, which a test compares.
 * Who adds one adds it to both. Changes of tables are recorded by the database itself; what a node
 * tells by {@link AuditTrail} is marked so.
 */
public enum AuditAction {
  MERCHANT_ONBOARDED,
  MERCHANT_CHANGED,
  MERCHANT_HOLD_SET,
  TERMINAL_REGISTERED,
  TERMINAL_CHANGED,
  ACCOUNT_ADDED,
  ACCOUNT_CHANGED,
  ACCOUNT_STATUS_SET,
  BINDING_MADE,
  BINDING_CHANGED,
  ROUTE_CHANGED,
  CARD_CHANGE_APPLIED,
  CARD_CHANGE_CHANGED,
  CARD_CHANGE_MOVED,
  CARD_CHANGE_DOCUMENT_ADDED,
  RESOLUTION_PROPOSED,
  RESOLUTION_DECIDED,
  RAIL_ORDER_PROPOSED,
  RAIL_ORDER_DECIDED,
  RAIL_STOPPED,
  RAIL_STOP_CHANGED,
  EXCEPTIONS_ORDERED,
  EXCEPTION_ORDER_CHANGED,
  RELEASE_ORDERED,
  RELEASE_ORDER_CHANGED,
  BREAK_CHANGED,
  MONTH_ARCHIVED,
  MONTH_CHANGED,
  API_KEY_MADE,
  API_KEY_CHANGED,
  WEBHOOK_MADE,
  WEBHOOK_CHANGED,
  /** A row of a table that is only inserted into was changed or removed, by its owner. */
  HISTORY_REWRITTEN,
  /** A node started with settings that differ from those recorded last. */
  SETTINGS_READ(true),
  /** A node saw a good token for the first time. */
  LOGGED_IN(true),
  ACCESS_REFUSED(true),
  SIGNATURE_REFUSED(true),
  /** A node could not record what it should have, and how many. */
  RECORDS_LOST(true),
  /** {@code settle migrate} gave a database user the rights of a router. */
  RIGHTS_GIVEN(true),
  KEYS_ROTATED(true),
  ACCOUNTS_REENCRYPTED(true),
  /** A digest over a range of credits. */
  CREDITS_SEALED,
  /** A digest over departures that were closed. */
  DEPARTURES_SEALED;

  private final boolean toldByNodes;

  AuditAction() {
    this(false);
  }

  AuditAction(boolean toldByNodes) {
    this.toldByNodes = toldByNodes;
  }

  /** Whether a node may record it; the others are the database's own. */
  public boolean toldByNodes() {
    return toldByNodes;
  }
}
