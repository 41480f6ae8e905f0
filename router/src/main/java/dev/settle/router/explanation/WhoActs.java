package dev.settle.router.explanation;

/** Whose move it is before an unposted credit can be posted. */
public enum WhoActs {
  ROUTER,
  RAIL,
  MERCHANT,
  MAKER,
  CHECKER,
  OPERATIONS,
  TREASURY,
  COMPLIANCE
}
