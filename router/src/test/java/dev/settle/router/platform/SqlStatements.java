package dev.settle.router.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The statements of a migration, each on one line in upper case, without comments and string
 * literals. The body of a function stays out, since it does nothing yet; that of DO stays in.
 */
final class SqlStatements {

  private final String text;
  private final StringBuilder statement = new StringBuilder();
  private final List<String> statements = new ArrayList<>();
  private int at;

  private SqlStatements(String text) {
    this.text = text;
  }

  static List<String> of(String text) {
    return new SqlStatements(text).split();
  }

  private List<String> split() {
    while (at < text.length()) {
      char next = text.charAt(at);
      if (text.startsWith("--", at)) {
        skipTo("\n");
      } else if (text.startsWith("/*", at)) {
        skipTo("*/");
      } else if (next == '\'') {
        at++;
        skipTo("'");
        statement.append("''");
      } else if (next == '$' && !dollarTag().isEmpty()) {
        body(dollarTag());
      } else {
        at++;
        if (next == ';') {
          end();
        } else {
          statement.append(next);
        }
      }
    }
    end();
    return statements;
  }

  private void skipTo(String end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found + end.length();
  }

  /** The tag that a quotation in dollars begins with here, or "". */
  private String dollarTag() {
    int end = text.indexOf('$', at + 1);
    String tag = end < 0 ? "" : text.substring(at, end + 1);
    return tag.matches("\\$\\w*\\$") && !tag.matches("\\$\\d+\\$") ? tag : "";
  }

  private void body(String tag) {
    int start = at + tag.length();
    at = start;
    skipTo(tag);
    boolean isFunction = oneLine().matches("CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) .*");
    if (!isFunction) {
      statement.append(' ').append(text, start, Math.max(start, at - tag.length())).append(' ');
    }
  }

  private String oneLine() {
    return statement.toString().replaceAll("\\s+", " ").strip().toUpperCase(Locale.ROOT);
  }

  private void end() {
    String line = oneLine();
    statement.setLength(0);
    if (!line.isEmpty()) {
      statements.add(line);
    }
  }
}
