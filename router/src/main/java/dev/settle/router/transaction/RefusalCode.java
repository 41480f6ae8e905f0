package dev.settle.router.transaction;

import java.util.Locale;

/** Why a document can be refused. */
public enum RefusalCode {
  MALFORMED_JSON(400),
  EMPTY_BODY(400),
  LINE_TOO_LONG(413),
  UNKNOWN_FIELD(422),
  DUPLICATE_FIELD(422),
  MISSING_FIELD(422),
  WRONG_TYPE(422),
  INVALID_VALUE(422),
  AMOUNT_OUT_OF_RANGE(422),
  UNKNOWN_CURRENCY(422),
  LOCAL_DATE_OUT_OF_WINDOW(422);

  private final int status;

  RefusalCode(int status) {
    this.status = status;
  }

  /** The HTTP status that a single document refused so is answered with. */
  public int status() {
    return status;
  }

  /** The stable code of problem documents, for example {@code missing-field}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
