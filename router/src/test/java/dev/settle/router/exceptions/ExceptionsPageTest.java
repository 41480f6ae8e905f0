package dev.settle.router.exceptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.explanation.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/operating/exceptions.md and the contract say why an action has no meaning, as the database
 * does.
 */
class ExceptionsPageTest {

  private static final Path SQL =
      Path.of("src/main/resources/db/migration/V22__exception_orders.sql");
  private static final Path PAGE = Path.of("../docs/operating/exceptions.md");
  private static final Path CONTRACT = Path.of("src/main/resources/api/openapi.yaml");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)`");

  private static Set<String> coded() throws IOException {
    String sql = Files.readString(SQL);
    int refusal = sql.indexOf("CREATE FUNCTION exception_refusal");
    int selected = sql.indexOf("CREATE FUNCTION exception_selected");
    int end = sql.indexOf("-- Notifies how far");
    Set<String> why = new TreeSet<>();
    Pattern.compile("'([A-Z_]+)'")
        .matcher(sql.substring(refusal, selected).replaceAll("WHEN .*?THEN", "THEN"))
        .results()
        .forEach(found -> why.add(found.group(1)));
    Pattern.compile("THEN '([A-Z_]+)'")
        .matcher(sql.substring(selected, end))
        .results()
        .forEach(found -> why.add(found.group(1)));
    return why;
  }

  @Test
  void every_reason_to_skip_stands_on_the_page_and_in_the_contract_and_no_other()
      throws IOException {
    Set<String> why = coded();
    assertThat(why).contains("SENT", "IN_DOUBT", "CONDITION_HOLDS", "UNKNOWN").hasSize(11);
    Set<String> listed = new TreeSet<>();
    String page = Files.readString(PAGE);
    ROW.matcher(page.substring(page.indexOf("## What is skipped")))
        .results()
        .forEach(found -> listed.add(found.group(1)));
    assertThat(listed).isEqualTo(why);
    String contract = Files.readString(CONTRACT);
    String schema = contract.substring(contract.indexOf("    ExceptionSkip:"));
    String list = schema.substring(schema.indexOf("enum: [") + 7, schema.indexOf("]"));
    assertThat(new TreeSet<>(Arrays.asList(list.split(", ")))).isEqualTo(why);
  }

  @Test
  void the_database_names_reasons_and_actions_that_there_are() throws IOException {
    String sql = Files.readString(SQL);
    String refusal =
        sql.substring(
            sql.indexOf("CREATE FUNCTION exception_refusal"),
            sql.indexOf("CREATE FUNCTION exception_selected"));
    Pattern.compile("p_reason (?:=|<>|IN) \\(?((?:'[A-Z_]+'(?:, )?)+)")
        .matcher(refusal)
        .results()
        .flatMap(found -> Arrays.stream(found.group(1).split(", ")))
        .map(reason -> reason.replace("'", ""))
        .forEach(reason -> assertThat(names(Reason.values())).contains(reason));
    Pattern.compile("p_action = '([A-Z_]+)'")
        .matcher(refusal)
        .results()
        .forEach(found -> assertThat(names(ExceptionAction.values())).contains(found.group(1)));
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }
}
