package dev.settle.router.cardchange;

/** Who moves an application from state to state. */
public enum Mover {
  MAKER,
  CHECKER,
  ROUTER
}
