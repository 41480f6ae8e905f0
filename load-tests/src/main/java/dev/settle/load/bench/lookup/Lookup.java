package dev.settle.load.bench.lookup;

/** Where the route that is looked up is found. */
public enum Lookup {
  /** In the node's heap. */
  HIT,
  /** Not there, in the cluster's map. */
  MISS
}
