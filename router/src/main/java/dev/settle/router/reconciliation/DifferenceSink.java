package dev.settle.router.reconciliation;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Takes differences, a bounded number at once, in the order of their kinds and ids. */
@FunctionalInterface
public interface DifferenceSink {
  void take(List<Difference> some) throws IOException, SQLException;
}
