package dev.settle.load.bench;

/** What is measured. */
enum Part {
  SINGLE,
  BULK,
  POSTED,
  COST,
  LOOKUP
}
