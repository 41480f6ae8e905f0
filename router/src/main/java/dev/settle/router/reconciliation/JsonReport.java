package dev.settle.router.reconciliation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.settle.router.breaks.BreakId;
import dev.settle.router.credit.CreditId;
import dev.settle.router.reconciliation.Report.GoneBreak;
import dev.settle.router.reconciliation.Report.Total;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report as one JSON object, written as the differences come. */
public final class JsonReport implements DifferenceSink, AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();

  private final ReportFile file;
  private final JsonGenerator json;

  /** Makes the file, beside its place until it is whole. */
  public JsonReport(Path file) throws IOException {
    this.file = new ReportFile(file);
    this.json = JSON.createGenerator(this.file.writer()).useDefaultPrettyPrinter();
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /** Writes the totals; the differences follow. */
  public void begin(String rail, Window window, Report report) throws IOException {
    json.writeStartObject();
    json.writeStringField("rail", rail);
    json.writeStringField("since", window.since().toString());
    json.writeStringField("until", window.until().toString());
    total("matched", report.matched());
    total("returned", report.returned());
    total("open", report.open());
    json.writeObjectFieldStart("countsByKind");
    for (Map.Entry<DifferenceKind, Total> kind : report.differences().entrySet()) {
      json.writeNumberField(kind.getKey().name(), kind.getValue().count());
    }
    json.writeEndObject();
    toBeClosed(report);
    json.writeArrayFieldStart("differences");
  }

  private void total(String name, Total total) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", total.count());
    json.writeObjectFieldStart("amountMinor");
    for (Map.Entry<String, Long> amount : total.amountMinor().entrySet()) {
      json.writeNumberField(amount.getKey(), amount.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void toBeClosed(Report report) throws IOException {
    json.writeObjectFieldStart("toBeClosed");
    json.writeNumberField("count", report.toBeClosedCount());
    json.writeArrayFieldStart("breaks");
    for (GoneBreak gone : report.toBeClosed()) {
      json.writeStartObject();
      json.writeStringField("breakId", BreakId.text(gone.breakId()));
      json.writeStringField("kind", gone.kind());
      json.writeStringField("endToEndId", gone.endToEndId());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void take(List<Difference> some) throws IOException {
    for (Difference difference : some) {
      write(difference);
    }
  }

  private void write(Difference difference) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", difference.kind().name());
    json.writeStringField("entry", difference.entry());
    json.writeStringField("endToEndId", difference.endToEndId());
    json.writeArrayFieldStart("creditIds");
    for (Long credit : difference.creditIds()) {
      json.writeString(CreditId.text(credit));
    }
    json.writeEndArray();
    number("ours", difference.ours());
    number("theirs", difference.theirs());
    json.writeStringField("currency", difference.currency());
    json.writeStringField("owner", difference.owner().name());
    json.writeStringField("detail", difference.detail());
    json.writeEndObject();
  }

  private void number(String name, @Nullable Long value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  /** Puts the file into its place. */
  public void finish() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
