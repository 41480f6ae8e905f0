package dev.settle.load.soak;

/**
 * A table, by PostgreSQL's statistics; of a partitioned one all partitions together.
 *
 * @param bytes without indexes
 * @param indexBytes of its indexes
 * @param vacuums that PostgreSQL made by itself
 */
record TableSize(long live, long dead, long bytes, long indexBytes, long vacuums) {

  static final TableSize NONE = new TableSize(0, 0, 0, 0, 0);

  double bytesPerRow() {
    return live == 0 ? 0 : (double) bytes / live;
  }

  double indexBytesPerRow() {
    return live == 0 ? 0 : (double) indexBytes / live;
  }
}
