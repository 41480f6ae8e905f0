package dev.settle.router.reconciliation;

import dev.settle.router.credit.CreditId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The differences as CSV (RFC 4180), one line each under a header. What a spreadsheet would take
 * for a formula begins with an apostrophe: ids come from the bank.
 */
public final class CsvReport implements DifferenceSink, AutoCloseable {

  private static final String HEADER =
      "kind,entry,endToEndId,creditIds,ours,theirs,currency,owner,detail\r\n";
  private static final String FORMULA_BEGINS = "=+-@\t\r";

  private final ReportFile file;

  /** Makes the file, beside its place until it is whole. */
  public CsvReport(Path file) throws IOException {
    this.file = new ReportFile(file);
    this.file.writer().write(HEADER);
  }

  @Override
  public void take(List<Difference> some) throws IOException {
    for (Difference difference : some) {
      file.writer().write(line(difference));
    }
  }

  static String line(Difference difference) {
    String credits =
        difference.creditIds().stream().map(CreditId::text).collect(Collectors.joining(" "));
    return Stream.of(
                difference.kind().name(),
                difference.entry(),
                difference.endToEndId(),
                credits,
                number(difference.ours()),
                number(difference.theirs()),
                difference.currency(),
                difference.owner().name(),
                difference.detail())
            .map(CsvReport::field)
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String number(@Nullable Long value) {
    return value == null ? "" : value.toString();
  }

  static String field(String text) {
    String safe =
        !text.isEmpty() && FORMULA_BEGINS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /** Puts the file into its place. */
  public void finish() throws IOException {
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
