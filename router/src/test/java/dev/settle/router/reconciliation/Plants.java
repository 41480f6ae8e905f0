package dev.settle.router.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Differences that a test makes between the router's book and the bank's, and the list of them. The
 * bank shows its statement from its file, which is edited under its feet: it books nothing more.
 */
final class Plants {

  private final World world;
  private final TreeSet<String> planted = new TreeSet<>();

  Plants(World world) {
    this.world = world;
  }

  /** Everything happened long enough ago to be in both books. */
  void backdate() throws SQLException, IOException {
    world.execute(
        "UPDATE credit_batch SET recorded_at = recorded_at - interval '1 hour',"
            + " claimed_at = claimed_at - interval '1 hour', settled_at = settled_at - interval '1 hour'");
    world.execute(
        "UPDATE credit_exception SET opened_at = opened_at - interval '1 hour',"
            + " closed_at = closed_at - interval '1 hour', money_back_at = money_back_at - interval '1 hour'");
    edit(
        line -> {
          if (line.has("bookedAt")) {
            Instant at = Instant.parse(line.path("bookedAt").asText());
            line.put("bookedAt", at.minus(Duration.ofHours(1)).toString());
          }
        });
  }

  TreeSet<String> planted() {
    return planted;
  }

  /** Ids of the credits that the bank booked. */
  List<String> booked() throws IOException {
    List<String> ids = new ArrayList<>();
    for (ObjectNode line : lines()) {
      if (line.path("kind").asText().equals("CREDIT")) {
        ids.add(line.path("endToEndId").asText());
      }
    }
    return ids;
  }

  void bankForgets(String id) throws IOException {
    List<ObjectNode> lines = lines();
    lines.removeIf(line -> line.path("endToEndId").asText().equals(id));
    write(lines);
    planted.add("MISSING_AT_BANK CREDIT " + id);
  }

  void bankBooksOtherAmount(String id, long more) throws IOException {
    change(id, line -> line.put("amountMinor", line.path("amountMinor").asLong() + more));
    planted.add("AMOUNT_DIFFERENT CREDIT " + id);
  }

  void bankBooksOtherCurrency(String id) throws IOException {
    change(id, line -> line.put("currency", "HKD"));
    planted.add("AMOUNT_DIFFERENT CREDIT " + id);
  }

  void bankBooksToOtherAccount(String id) throws IOException {
    change(id, line -> line.put("account", "6222029999999999999"));
    planted.add("ACCOUNT_DIFFERENT CREDIT " + id);
  }

  /** A booking that the router never asked for. */
  void bankBooksUnasked(String id) throws IOException {
    append(id, "CREDIT", 4_711);
    planted.add("MISSING_HERE CREDIT " + id);
  }

  void bankReturnsUntold(String id, long minor) throws IOException {
    append(id, "RETURN", minor);
    planted.add("MISSING_HERE RETURN " + id);
  }

  /** The same line of the statement again: the bank's page came twice. */
  void statementRepeats(String id) throws IOException {
    List<ObjectNode> lines = lines();
    for (ObjectNode line : List.copyOf(lines)) {
      if (line.path("endToEndId").asText().equals(id)) {
        lines.add(line.deepCopy());
      }
    }
    write(lines);
  }

  private void append(String id, String kind, long minor) throws IOException {
    List<ObjectNode> lines = lines();
    ObjectNode line = (ObjectNode) Api.parse("{}");
    line.put("endToEndId", id)
        .put("account", "6222021000000019100")
        .put("amountMinor", minor)
        .put("currency", "CNY")
        .put("bookedAt", Instant.now().minus(Duration.ofMinutes(50)).toString())
        .put("kind", kind);
    if (kind.equals("RETURN")) {
      line.put("reason", "AC04");
    }
    lines.add(line.put("content", "1"));
    write(lines);
  }

  private void change(String id, Consumer<ObjectNode> how) throws IOException {
    edit(
        line -> {
          if (line.path("endToEndId").asText().equals(id)) {
            how.accept(line);
          }
        });
  }

  private void edit(Consumer<ObjectNode> how) throws IOException {
    List<ObjectNode> lines = lines();
    lines.forEach(how);
    write(lines);
  }

  private List<ObjectNode> lines() throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(world.books())) {
      JsonNode json = Api.parse(line);
      lines.add((ObjectNode) json);
    }
    return lines;
  }

  private void write(List<ObjectNode> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    Files.writeString(world.books(), text);
  }
}
