package dev.settle.router.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A bank credits in parts and gives money back, and its words come in any order and more than once:
 * no money goes on that the bank may still credit, and in the end the book says what the bank did.
 */
@ExtendWith(InvariantsHold.class)
class PartsAndReturnsIT {

  private static final long BATCH = 9_000_001;
  private static final long CREDIT = BATCH << 12;
  private static final int SCENARIOS = 1_500;

  /** A word; minor null: all. */
  private record Word(String says, Long minor, Long credited, boolean booked) {}

  /**
   * What a bank does with a transfer.
   *
   * @param standing SENT, POSTED (its answer said that all was credited) or DOUBT
   * @param keeps what the creditor has in the end
   * @param end what it says when it is asked in the end
   */
  private record Course(long amount, String standing, long keeps, List<Word> words, Word end) {

    boolean answerWasUntrue() {
      return standing.equals("POSTED")
          && words.stream()
              .anyMatch(word -> word.says().equals("CREDITED") && word.minor() != null);
    }
  }

  private static Course course(Random random) {
    long amount = 2 + random.nextInt(200);
    long credited = 1 + random.nextInt((int) amount);
    List<Word> words = new ArrayList<>();
    words.add(new Word("CREDITED", credited == amount ? null : (Long) credited, null, false));
    long keeps = credited;
    long before = random.nextInt(3) == 0 ? 1 + random.nextInt((int) credited) : credited;
    if (random.nextInt(4) > 0) {
      long back = random.nextInt(3) == 0 ? credited : 1 + random.nextInt((int) credited);
      boolean rest = back == amount - credited && back != credited;
      if (back == amount - before) {
        before = credited;
      }
      keeps = rest ? credited : credited - back;
      if (random.nextBoolean()) {
        words.add(new Word("RETURNED", back, null, false));
      }
      words.add(new Word("RETURNED", back, random.nextBoolean() ? credited : null, true));
    }
    Word last = words.get(words.size() - 1);
    Word end =
        last.says().equals("RETURNED") ? new Word("RETURNED", last.minor(), credited, true) : last;
    if (before < credited) {
      words.add(new Word("CREDITED", before, null, false));
    }
    if (random.nextBoolean()) {
      words.add(new Word("PENDING", null, null, false));
    }
    words.add(words.get(random.nextInt(words.size())));
    Collections.shuffle(words, random);
    String standing = List.of("SENT", "POSTED", "DOUBT").get(random.nextInt(3));
    return new Course(amount, standing, keeps, words, end);
  }

  @Test
  void nothing_goes_on_that_may_still_be_credited(World world) throws Exception {
    Random random = new Random(Seeds.of(this));
    int wentOn = 0;
    try (Connection connection = world.connect();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int n = 0; n < SCENARIOS; n++) {
        Course course = course(random);
        begin(sql, course);
        boolean gone = false;
        for (Word word : course.words()) {
          say(connection, word);
          Standing now = standing(sql, course);
          if (!gone && now.movable()) {
            assertThat(now.unposted())
                .as("what goes on of %s after %s", course, word)
                .isLessThanOrEqualTo(course.amount() - course.keeps());
            if (random.nextBoolean()) {
              sql.execute(WENT_ON);
              gone = true;
              wentOn++;
            }
          }
        }
        if (!gone && !standing(sql, course).movable()) {
          // What is in question is asked about.
          say(connection, course.end());
        }
        String breaks = text(sql, "SELECT string_agg(kind, ' ') FROM settlement_break");
        if (gone && course.answerWasUntrue()) {
          // What was told too late to be heeded is for a person.
          assertThat(breaks).as("breaks after %s", course).isIn(null, "AMOUNT_DIFFERENT");
        } else {
          long posted = course.amount() - standing(sql, course).unposted();
          assertThat(breaks).as("breaks after %s", course).isNull();
          assertThat(posted).as("posted of %s", course).isEqualTo(course.keeps());
        }
        connection.rollback();
      }
    }
    assertThat(wentOn).isGreaterThan(SCENARIOS / 30);
  }

  @Test
  void an_older_part_is_no_difference_to_what_a_return_said_was_credited(World world)
      throws Exception {
    try (Connection connection = world.connect();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      begin(sql, new Course(13, "SENT", 9, List.of(), new Word("PENDING", null, null, false)));
      say(connection, new Word("RETURNED", 4L, 13L, true));
      sql.execute(WENT_ON);
      say(connection, new Word("CREDITED", 2L, null, false));
      assertThat(text(sql, "SELECT string_agg(kind, ' ') FROM settlement_break")).isNull();
      connection.rollback();
    }
  }

  private static final String WENT_ON =
      "UPDATE credit_exception SET closed_at = now(), closed_as = 'WENT_ON', to_batch = "
          + (BATCH + 1)
          + ", to_account = 1, to_version = 2 WHERE closed_at IS NULL";

  private static void begin(Statement sql, Course course) throws SQLException {
    sql.execute("SELECT ensure_credit_partitions(current_date, current_date)");
    for (long batch : new long[] {BATCH, BATCH + 1}) {
      sql.execute(
          "INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner, claim_no, claimed_at)"
              + " VALUES ("
              + batch
              + ", 'sandbox', 'CNY', '"
              + (course.standing().equals("SENT") ? "SENT" : "POSTED")
              + "', 1, "
              + course.amount()
              + ", 1, 1, now())");
    }
    sql.execute(
        "INSERT INTO credit VALUES ("
            + CREDIT
            + ", "
            + course.amount()
            + ", now(), 1, current_date, 1, 1, 1, 'M000001', 'T1', '1', 'SALE', 'CNY', 'r')");
    if (course.standing().equals("DOUBT")) {
      sql.execute(
          "INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, merchant_id,"
              + " amount_minor, currency, decided_version, movable) VALUES ("
              + CREDIT
              + ", 1, 1, "
              + BATCH
              + ", 'DOUBT', 'IN_DOUBT', 'M000001', "
              + course.amount()
              + ", 'CNY', 1, false)");
    }
  }

  private static void say(Connection connection, Word word) throws SQLException {
    try (PreparedStatement say =
        connection.prepareStatement(
            "SELECT verdict FROM bank_says('sandbox', 'test', 'NOTIFICATION', ARRAY['E'], ARRAY["
                + CREDIT
                + "::bigint], ARRAY[1], ARRAY[?], ARRAY[?::bigint], ARRAY[?::bigint], ARRAY['PARTLY_CREDITED'],"
                + " ARRAY[NULL]::text[], ARRAY[?], ARRAY[NULL]::integer[], ARRAY[0], ARRAY[0])")) {
      say.setString(1, word.says());
      say.setObject(2, word.minor());
      say.setObject(3, word.credited());
      say.setBoolean(4, word.booked());
      say.execute();
    }
  }

  private record Standing(long unposted, boolean movable) {}

  private static Standing standing(Statement sql, Course course) throws SQLException {
    try (ResultSet row =
        sql.executeQuery(
            "SELECT CASE WHEN closed_as = 'POSTED' THEN 0 ELSE amount_minor END, movable AND closed_at IS NULL"
                + " FROM credit_exception ORDER BY exception_no DESC LIMIT 1")) {
      return row.next()
          ? new Standing(row.getLong(1), row.getBoolean(2))
          : new Standing(course.standing().equals("POSTED") ? 0 : course.amount(), false);
    }
  }

  private static String text(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
