package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes of one release work on the schema of the next: migrations only add to it. */
class MigrationFilesTest {

  /**
   * The newest migration that a release has, or the newest of all as long as there is no release.
   * What is later is held to {@link AdditiveRule}.
   */
  private static final int BASELINE = 30;

  private static final Path OWN = Path.of("src/main/resources/db/migration");
  private static final Pattern RELATION = Pattern.compile("(?m)^CREATE (?:TABLE|VIEW) (\\w+)");
  private static final Path NEXT = Path.of("src/test/resources/db/next");

  private static TreeMap<Integer, String> migrations(Path directory) throws IOException {
    TreeMap<Integer, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file -> {
            String name = file.getFileName().toString();
            found.put(Integer.valueOf(name.substring(1, name.indexOf("__"))), read(file));
          });
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Collection<String> baseline() throws IOException {
    return migrations(OWN).headMap(BASELINE, true).values();
  }

  @Test
  void migrations_after_the_baseline_only_add() throws IOException {
    TreeMap<Integer, String> all = migrations(OWN);
    assertThat(all).containsKey(BASELINE);
    AdditiveRule rule = new AdditiveRule(baseline());
    for (Map.Entry<Integer, String> later : all.tailMap(BASELINE, false).entrySet()) {
      assertThat(rule.faults(later.getValue())).as("V" + later.getKey()).isEmpty();
    }
  }

  @Test
  void what_UpgradeIT_shows_to_work_is_what_the_rule_lets_through() throws IOException {
    AdditiveRule rule = new AdditiveRule(baseline());
    TreeMap<Integer, String> next = migrations(NEXT);
    assertThat(next).isNotEmpty();
    next.values().forEach(migration -> assertThat(rule.faults(migration)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE credit;",
        "ALTER TABLE credit DROP COLUMN rrn;",
        "alter table credit\n  alter column rrn drop not null;",
        "DROP FUNCTION add_posted(text, text, bigint, bigint);",
        "ALTER TABLE credit RENAME COLUMN rrn TO reference;",
        "ALTER TABLE credit RENAME TO credits;",
        "ALTER TABLE credit ALTER COLUMN stan TYPE bigint;",
        "ALTER TABLE credit ALTER stan SET DATA TYPE bigint;",
        "ALTER TABLE credit ALTER COLUMN account_id SET NOT NULL;",
        "ALTER TABLE credit ADD COLUMN a text DEFAULT '', ADD COLUMN b numeric(3, 2) NOT NULL;",
        "ALTER TABLE credit ADD COLUMN a text CHECK (a <> '');",
        "ALTER TABLE credit ADD CONSTRAINT small CHECK (amount_minor < 10);",
        "CREATE UNIQUE INDEX CONCURRENTLY one ON credit_batch (rail);",
        "CREATE INDEX slow ON credit_batch (rail);",
        "CREATE FUNCTION add_posted(p_writer text, p_a text, p_b bigint, p_c bigint, p_d text DEFAULT '')"
            + " RETURNS void LANGUAGE sql AS $$ SELECT $$;",
        "ALTER TABLE credit ADD COLUMN a text; ALTER TABLE credit_batch ADD COLUMN a text;",
        "ALTER TABLE credit ADD COLUMN a text; CREATE TABLE b (id bigint REFERENCES credit_batch);",
        "CREATE OR REPLACE FUNCTION add_posted(p_writer text, p_a text, p_b bigint, p_c bigint, p_d text = '')"
            + " RETURNS void LANGUAGE sql AS $$ SELECT $$;",
        "ALTER TABLE public.credit ADD COLUMN a text;",
        "ALTER TABLE \"credit\" ADD COLUMN a text;",
        "CREATE INDEX slow ON public.credit_batch (rail);",
        "CREATE TRIGGER slow BEFORE INSERT ON credit FOR EACH ROW EXECUTE FUNCTION f();",
        "ALTER TABLE credit ENABLE ROW LEVEL SECURITY;",
        "ALTER TABLE credit ADD COLUMN a uuid DEFAULT gen_random_uuid();",
        "ALTER TABLE credit ADD COLUMN a bigserial;",
        "ALTER TABLE credit ADD COLUMN a bigint GENERATED ALWAYS AS (amount_minor * 2) STORED;",
        "LOCK TABLE credit;",
        "UPDATE credit SET rrn = '';",
        "MERGE INTO credit USING merchant ON true WHEN MATCHED THEN DO NOTHING;",
        "REINDEX TABLE credit;",
        "CLUSTER credit;",
        "VACUUM FULL credit;",
        "SET lock_timeout = 0;",
        "DO $$ BEGIN PERFORM 1 END $$;",
        "SELECT add_posted('a', 'CNY', 1, 1);",
        "CREATE TABLE credit_x PARTITION OF credit DEFAULT;",
        "CREATE TABLE a (id bigint) INHERITS (credit);",
        "DELETE FROM credit_hold_reason;",
        "TRUNCATE rail_outage;",
        "REVOKE ALL ON credit FROM settle;",
        "-- contracts: too much\nDELETE FROM credit;",
        "-- contracts: and locks\nCREATE INDEX slow ON credit_batch (rail);",
      })
  void what_does_more_than_add_is_found(String migration) throws IOException {
    assertThat(new AdditiveRule(baseline()).faults(migration)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- DROP TABLE credit;\nCREATE TABLE note (id bigint NOT NULL, text text DEFAULT 'DROP TABLE credit;');",
        "CREATE TABLE a (id bigint); CREATE UNIQUE INDEX b ON a (id); ALTER TABLE a ADD CHECK (id > 0);",
        "ALTER TABLE credit ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT '';",
        "CREATE TABLE a (id bigint); CREATE TRIGGER b BEFORE UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TABLE a (id bigint); CREATE TRIGGER b BEFORE DELETE OR TRUNCATE ON a FOR EACH STATEMENT EXECUTE FUNCTION f();",
        "CREATE INDEX ON ONLY credit (rrn);",
        "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $x$ BEGIN DELETE FROM note; END $x$;",
        "INSERT INTO standing_rule VALUES ('A', 'B', 'C', NULL);",
        "-- contracts: V10 replaced it, and no release since 2 reads it\nALTER TABLE credit DROP COLUMN rrn;",
      })
  void what_only_adds_is_let_through(String migration) throws IOException {
    assertThat(new AdditiveRule(baseline()).faults(migration)).isEmpty();
  }

  /**
   * A node keeps its statements prepared, and PostgreSQL refuses to run one whose result has
   * another column than before. Commands prepare theirs anew.
   */
  @Test
  void no_node_reads_whole_rows_of_a_table() throws IOException {
    Set<String> relations = new TreeSet<>();
    for (String migration : migrations(OWN).values()) {
      RELATION.matcher(migration).results().forEach(made -> relations.add(made.group(1)));
    }
    assertThat(relations).contains("credit", "credit_standing", "settlement_break");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(MigrationFilesTest::isOfANode).toList()) {
        assertThat(wholeRows(read(file), relations)).as(file.toString()).isEmpty();
      }
    }
  }

  @Test
  void whole_rows_are_found() {
    Set<String> relations = Set.of("card_change");

    assertThat(wholeRows("SELECT * FROM card_change", relations)).hasSize(1);
    assertThat(wholeRows("SELECT c.*, a.bank FROM account a JOIN card_change c", relations))
        .hasSize(1);
    assertThat(
            wholeRows(
                "SELECT * FROM card_changes(1); SELECT c.state FROM card_change c", relations))
        .isEmpty();
  }

  private static boolean isOfANode(Path file) {
    String path = file.toString();
    return path.endsWith(".java")
        && !path.contains("/invariant/")
        && !path.contains("/reconciliation/");
  }

  private static List<String> wholeRows(String code, Set<String> relations) {
    List<String> found = new ArrayList<>();
    for (String relation : relations) {
      if (code.matches("(?s).*SELECT \\* FROM " + relation + "\\b(?! ?\\().*")) {
        found.add("* of " + relation);
      }
      Pattern.compile("(?:FROM|JOIN) " + relation + " (\\w+)")
          .matcher(code)
          .results()
          .map(named -> named.group(1))
          .filter(alias -> Pattern.compile("\\b" + alias + "\\.\\*").matcher(code).find())
          .forEach(alias -> found.add(alias + ".* of " + relation));
    }
    return found;
  }
}
