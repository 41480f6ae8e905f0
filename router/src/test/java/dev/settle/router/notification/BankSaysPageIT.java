package dev.settle.router.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page's table is what the database does, for every state of an attempt and every word. */
@ExtendWith(InvariantsHold.class)
class BankSaysPageIT {

  private static final Path PAGE = Path.of("../docs/concepts/what-a-bank-says.md");
  private static final long BATCH = 9_000_001;
  private static final long CREDIT = BATCH << 12;

  /** What a bank says of an attempt that carried 100; minor null: all. */
  private record Word(String shown, String word, String minor, boolean booked, String reason) {

    String sql() {
      return by("NOTIFICATION");
    }

    String by(String source) {
      return "SELECT verdict, wrote FROM bank_says('sandbox', 'page', '"
          + source
          + "', ARRAY['E'], ARRAY["
          + CREDIT
          + "::bigint], ARRAY[1], ARRAY['"
          + word
          + "'], ARRAY["
          + minor
          + "]::bigint[], ARRAY[NULL]::bigint[], ARRAY['"
          + reason
          + "'], ARRAY[NULL]::text[], ARRAY["
          + booked
          + "], ARRAY[NULL]::integer[], ARRAY[0], ARRAY[0])";
    }
  }

  private static final Word CREDITED =
      new Word("credited", "CREDITED", "NULL", false, "PARTLY_CREDITED");
  private static final Word PART =
      new Word("a part credited", "CREDITED", "60", false, "PARTLY_CREDITED");
  private static final Word PENDING =
      new Word("accepted", "PENDING", "NULL", false, "BANK_ACCEPTED");
  private static final Word REJECTED =
      new Word("rejected", "REJECTED", "NULL", false, "ACCOUNT_INVALID");
  private static final Word ANNOUNCED =
      new Word("return announced", "RETURNED", "NULL", false, "ACCOUNT_INVALID");
  private static final Word BACK =
      new Word("returned", "RETURNED", "NULL", true, "ACCOUNT_INVALID");
  private static final Word OTHER_PART =
      new Word("another part returned", "RETURNED", "30", true, "ACCOUNT_INVALID");
  private static final Word UNCLEAR = new Word("not known", "UNCLEAR", "NULL", false, "IN_DOUBT");

  /** {@link #PART}, and more than that. */
  private static final Word MORE =
      new Word("a larger part credited", "CREDITED", "80", false, "PARTLY_CREDITED");

  private static final List<Word> WORDS =
      List.of(CREDITED, PART, MORE, PENDING, REJECTED, ANNOUNCED, BACK, OTHER_PART, UNCLEAR);

  private static final String WENT_ON =
      "UPDATE credit_exception SET closed_at = now(), closed_as = 'WENT_ON', to_batch = "
          + (BATCH + 1)
          + ", to_account = 1, to_version = 2 WHERE credit_id = "
          + CREDIT;
  private static final String DOUBT =
      "INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, merchant_id, amount_minor,"
          + " currency, decided_version, movable) VALUES ("
          + CREDIT
          + ", 1, 1, "
          + BATCH
          + ", 'DOUBT', 'IN_DOUBT', 'M000001', 100, 'CNY', 1, false)";

  /** How an attempt stands, by its batch's state and what led from there. */
  private record Standing(String shown, String batch, List<String> before) {}

  private static final List<Standing> STANDINGS =
      List.of(
          new Standing("not sent", "RECORDED", List.of()),
          new Standing("sent, no answer yet", "SENT", List.of()),
          new Standing("in doubt", "POSTED", List.of(DOUBT)),
          new Standing("accepted", "SENT", List.of(PENDING.sql())),
          new Standing("posted", "POSTED", List.of()),
          new Standing("posted in part", "SENT", List.of(PART.sql())),
          new Standing(
              "posted in part, a person says no more comes",
              "SENT",
              List.of(PART.sql(), REJECTED.by("PERSON"))),
          new Standing("rejected", "SENT", List.of(REJECTED.sql())),
          new Standing("return announced", "SENT", List.of(ANNOUNCED.sql())),
          new Standing("returned", "SENT", List.of(BACK.sql())),
          new Standing(
              "a part returned, of the rest nothing is known", "SENT", List.of(OTHER_PART.sql())),
          new Standing("sent again after a rejection", "SENT", List.of(REJECTED.sql(), WENT_ON)),
          new Standing("sent again after a return", "SENT", List.of(BACK.sql(), WENT_ON)));

  @Test
  void the_table_is_what_the_database_does(World world) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection = world.connect()) {
      connection.setAutoCommit(false);
      for (Standing standing : STANDINGS) {
        StringBuilder row = new StringBuilder("| " + standing.shown() + " |");
        for (Word word : WORDS) {
          row.append(' ').append(said(connection, standing, word)).append(" |");
        }
        rows.add(row.toString());
      }
    }
    String table =
        "| the attempt stands | "
            + String.join(" | ", WORDS.stream().map(Word::shown).toList())
            + " |\n|---|"
            + "---|".repeat(WORDS.size())
            + "\n"
            + String.join("\n", rows)
            + "\n";
    String page = Files.readString(PAGE);
    int begin = page.indexOf("| the attempt stands |");
    int end = page.indexOf("\n\n", begin) + 1;
    if (Boolean.getBoolean("settle.regenerate")) {
      page = page.substring(0, begin) + table + page.substring(end);
      Files.writeString(PAGE, page);
    } else {
      assertThat(page.substring(begin, end))
          .as("regenerate with -Dit.test=BankSaysPageIT -Dsettle.regenerate=true")
          .isEqualTo(table);
    }
  }

  /** The verdict, the row that it writes, and the break that it opens; nothing of it is kept. */
  private static String said(Connection connection, Standing standing, Word word)
      throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("SELECT ensure_credit_partitions(current_date, current_date)");
      for (long batch : new long[] {BATCH, BATCH + 1}) {
        sql.execute(
            "INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner, claim_no, claimed_at)"
                + " VALUES ("
                + batch
                + ", 'sandbox', 'CNY', '"
                + standing.batch()
                + "', 1, 100, 1, 1, now())");
      }
      sql.execute(
          "INSERT INTO credit VALUES ("
              + CREDIT
              + ", 100, now(), 1, current_date, 1, 1, 1, 'M000001', 'T1', '1', 'SALE', 'CNY', 'r')");
      for (String before : standing.before()) {
        sql.execute(before);
      }
      return verdict(sql, word);
    } finally {
      connection.rollback();
    }
  }

  private static String verdict(Statement sql, Word word) throws SQLException {
    String verdict;
    String wrote;
    try (ResultSet row = sql.executeQuery(word.sql())) {
      row.next();
      verdict = row.getString("verdict");
      wrote = row.getString("wrote");
    }
    try (ResultSet opened = sql.executeQuery("SELECT kind FROM settlement_break")) {
      String kind = opened.next() ? " " + opened.getString(1) : "";
      return verdict + kind + (wrote == null ? "" : " → " + wrote);
    }
  }
}
