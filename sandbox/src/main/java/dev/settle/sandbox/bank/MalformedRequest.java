package dev.settle.sandbox.bank;

/** A client's mistake, with the field that it is in and the HTTP status that answers it. */
final class MalformedRequest extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String field;

  MalformedRequest(String field, String detail) {
    this(400, field, detail);
  }

  MalformedRequest(int status, String field, String detail) {
    // No stack trace: it is an answer, not a fault, and clients may send many.
    super(detail, null, false, false);
    this.status = status;
    this.field = field;
  }

  int status() {
    return status;
  }

  String field() {
    return field;
  }
}
