package dev.settle.router.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a migration must not do, because nodes of the release before work on the schema while it is
 * applied and afterwards: take away or change what they use, refuse what they write, or keep them
 * waiting for a table. A later release may take away what it replaced; its migration says so in a
 * line {@code -- contracts: why nothing of the release before uses it}.
 */
final class AdditiveRule {

  /** Undone for those who know no better; a migration that contracts may. */
  private static final Map<String, Pattern> TAKES_AWAY = new LinkedHashMap<>();

  /** Never, whatever the migration says. */
  private static final Map<String, Pattern> NEVER = new LinkedHashMap<>();

  static {
    TAKES_AWAY.put("DROP", Pattern.compile("\\bDROP\\b"));
    TAKES_AWAY.put("RENAME", Pattern.compile("\\bRENAME\\b"));
    TAKES_AWAY.put(
        "ALTER TYPE",
        Pattern.compile("ALTER (COLUMN )?\"?\\w+\"? (SET DATA )?TYPE\\b|ALTER TYPE .* ATTRIBUTE"));
    TAKES_AWAY.put("SET NOT NULL", Pattern.compile("\\bSET NOT NULL\\b"));
    TAKES_AWAY.put("REVOKE", Pattern.compile("^REVOKE\\b"));
    TAKES_AWAY.put("SET SCHEMA", Pattern.compile("\\bSET SCHEMA\\b"));
    NEVER.put("DELETE", Pattern.compile("\\bDELETE FROM\\b"));
    // After OR it is what a trigger refuses.
    NEVER.put("TRUNCATE", Pattern.compile("\\b(?<!\\bOR )TRUNCATE\\b"));
  }

  /** Whatever is none of these is not known to only add. Names are plain: no quotes, no schema. */
  private static final List<Pattern> ADDS =
      List.of(
          Pattern.compile(
              "^CREATE (UNLOGGED )?TABLE (IF NOT EXISTS )?\\w+ ?\\((?!.*\\bINHERITS\\b).*"),
          Pattern.compile("^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) \\w+ ?\\(.*"),
          Pattern.compile("^CREATE (OR REPLACE )?(VIEW|SEQUENCE|TYPE|DOMAIN) \\w+ .*"),
          Pattern.compile("^CREATE SEQUENCE \\w+$"),
          Pattern.compile(
              "^CREATE (UNIQUE )?INDEX (CONCURRENTLY )?(IF NOT EXISTS )?(\\w+ )?ON (ONLY )?\\w+ .*"),
          Pattern.compile("^ALTER INDEX \\w+ ATTACH PARTITION \\w+$"),
          Pattern.compile("^ALTER TABLE (IF EXISTS )?(ONLY )?\\w+ ADD .*"),
          Pattern.compile("^INSERT INTO \\w+ .*"),
          Pattern.compile("^(COMMENT ON|GRANT) .*"));

  /** One value for every row, so that none is written: PostgreSQL keeps it beside the table. */
  private static final Pattern CONSTANT =
      Pattern.compile("DEFAULT (''|-?[0-9.]+|TRUE|FALSE|NULL)(::\\w+)?(?![\\w(.])");

  private static final Pattern CONTRACTS = Pattern.compile("(?m)^-- contracts: \\S+");
  private static final Pattern MADE =
      Pattern.compile("^CREATE (UNLOGGED )?TABLE (IF NOT EXISTS )?(\\w+)");
  private static final Pattern FUNCTION =
      Pattern.compile("^CREATE (?:OR REPLACE )?FUNCTION (\\w+) ?(\\(.*)");
  private static final Pattern ALTERED =
      Pattern.compile("^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(\\w+) (.*)");
  private static final Pattern GUARDED =
      Pattern.compile("^CREATE TRIGGER \\w+ (?:BEFORE|AFTER) [A-Z ]+? ON (\\w+) .*");
  private static final Pattern TOUCHED =
      Pattern.compile(
          "^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(\\w+)|\\bREFERENCES (\\w+)"
              + "|^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON (\\w+)");
  private static final Pattern INDEX =
      Pattern.compile("^CREATE (UNIQUE )?INDEX (CONCURRENTLY )?.*?\\bON (ONLY )?(\\w+)");

  private final Set<String> tables = new HashSet<>();

  /** Arguments of functions by their names. */
  private final Map<String, Set<String>> functions = new HashMap<>();

  /** What was there before: tables and functions of these migrations. */
  AdditiveRule(Collection<String> before) {
    before.forEach(this::learn);
  }

  private void learn(String migration) {
    for (String statement : SqlStatements.of(migration)) {
      MADE.matcher(statement).results().forEach(made -> tables.add(made.group(3)));
      FUNCTION
          .matcher(statement)
          .results()
          .forEach(
              made ->
                  functions
                      .computeIfAbsent(made.group(1), name -> new HashSet<>())
                      .add(arguments(made.group(2))));
    }
  }

  /** What this migration does that it must not, in words; from now on it is one of those before. */
  List<String> faults(String migration) {
    List<String> faults = new ArrayList<>();
    boolean contracts = CONTRACTS.matcher(migration).find();
    Set<String> touched = new HashSet<>();
    for (String statement : SqlStatements.of(migration)) {
      int before = faults.size();
      NEVER.forEach((what, pattern) -> found(faults, what, pattern, statement));
      index(faults, statement);
      ambiguous(faults, statement);
      if (!contracts) {
        TAKES_AWAY.forEach((what, pattern) -> found(faults, what, pattern, statement));
        refusesWrites(faults, statement);
      }
      if (faults.size() == before && !adds(statement, contracts)) {
        faults.add("not known to only add: " + statement);
      }
      TOUCHED.matcher(statement).results().map(AdditiveRule::group).forEach(touched::add);
    }
    touched.retainAll(tables);
    if (touched.size() > 1) {
      faults.add("locks several tables in one transaction, where sales may deadlock: " + touched);
    }
    learn(migration);
    return faults;
  }

  private boolean adds(String statement, boolean contracts) {
    if (ADDS.stream().anyMatch(pattern -> pattern.matcher(statement).matches())) {
      return true;
    }
    Matcher altered = ALTERED.matcher(statement);
    if (altered.matches() && !tables.contains(altered.group(1))) {
      return true;
    }
    Matcher guarded = GUARDED.matcher(statement);
    if (guarded.matches() && !tables.contains(guarded.group(1))) {
      return true;
    }
    return contracts
        && TAKES_AWAY.values().stream().anyMatch(pattern -> pattern.matcher(statement).find());
  }

  private static void found(List<String> faults, String what, Pattern pattern, String statement) {
    if (pattern.matcher(statement).find()) {
      faults.add(what + ": " + statement);
    }
  }

  private static String group(MatchResult found) {
    for (int group = 1; group <= found.groupCount(); group++) {
      if (found.group(group) != null) {
        return found.group(group);
      }
    }
    throw new IllegalStateException("one of the groups is there");
  }

  private void index(List<String> faults, String statement) {
    Matcher index = INDEX.matcher(statement);
    if (!index.find() || !tables.contains(index.group(4))) {
      return;
    }
    if (index.group(1) != null) {
      faults.add("UNIQUE, which may refuse what the release before writes: " + statement);
    }
    if (index.group(2) == null && index.group(3) == null) {
      faults.add("not CONCURRENTLY, which keeps sales waiting: " + statement);
    }
  }

  /** A call with the old arguments would fit both. */
  private void ambiguous(List<String> faults, String statement) {
    Matcher made = FUNCTION.matcher(statement);
    if (!made.find()) {
      return;
    }
    Set<String> known = functions.getOrDefault(made.group(1), Set.of());
    String arguments = arguments(made.group(2));
    if (!known.isEmpty()
        && !known.contains(arguments)
        && arguments.matches(".* DEFAULT .*|.*=.*")) {
      faults.add("an overload with a DEFAULT, which makes old calls ambiguous: " + statement);
    }
  }

  private void refusesWrites(List<String> faults, String statement) {
    Matcher altered = ALTERED.matcher(statement);
    if (!altered.matches() || !tables.contains(altered.group(1))) {
      return;
    }
    for (String action : actions(altered.group(2))) {
      if (action.matches("ADD (CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\\b.*")) {
        faults.add("a constraint, which may refuse what the release before writes: " + statement);
      } else if (action.matches("ADD .*\\bDEFAULT\\b.*") && !CONSTANT.matcher(action).find()
          || action.matches("ADD .*\\b(GENERATED|(SMALL|BIG)?SERIAL)\\b.*")) {
        faults.add("a default that is no constant, for which every row is written: " + statement);
      } else if (action.matches("ADD .*NOT NULL.*") && !action.matches(".*\\bDEFAULT\\b.*")) {
        faults.add("NOT NULL without a DEFAULT: " + statement);
      } else if (action.matches("ADD .*\\b(CHECK|UNIQUE|REFERENCES)\\b.*")) {
        faults.add("a column with a constraint: " + statement);
      }
    }
  }

  /** What is between the first parenthesis and the one that closes it. */
  private static String arguments(String from) {
    int depth = 0;
    for (int at = 0; at < from.length(); at++) {
      char next = from.charAt(at);
      depth += next == '(' ? 1 : next == ')' ? -1 : 0;
      if (depth == 0) {
        return from.substring(1, at).strip();
      }
    }
    return from;
  }

  /** Split at the commas that are in no parentheses. */
  private static List<String> actions(String list) {
    List<String> actions = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int at = 0; at < list.length(); at++) {
      char next = list.charAt(at);
      depth += next == '(' ? 1 : next == ')' ? -1 : 0;
      if (next == ',' && depth == 0) {
        actions.add(list.substring(from, at).strip());
        from = at + 1;
      }
    }
    actions.add(list.substring(from).strip());
    return actions;
  }
}
