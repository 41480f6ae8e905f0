package dev.settle.router.cardchange;

/** What is counted of card changes. */
public interface CardChangeMetrics {

  /** This node moved that many changes into a state. */
  void cardChanges(ChangeState to, long changes);
}
