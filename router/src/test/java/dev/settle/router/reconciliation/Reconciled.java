package dev.settle.router.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.app.Cli;
import dev.settle.router.app.ReconcileCommand;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import picocli.CommandLine;

/** A run of {@code settle reconcile} on a world, as an operator sees it. */
public record Reconciled(int exit, String out, String err, JsonNode json, List<String> csv) {

  /** Of everything up to now. */
  public static Reconciled run(World world) throws Exception {
    return run(world, "--since", Instant.now().minus(Duration.ofDays(1)).toString());
  }

  static Reconciled run(World world, String... options) throws Exception {
    Path json = Files.createTempFile(Path.of("target"), "reconciled", ".json");
    Path csv = Files.createTempFile(Path.of("target"), "reconciled", ".csv");
    List<String> all = new ArrayList<>(List.of("--rail", "sandbox"));
    all.addAll(List.of(options));
    all.addAll(List.of("--json", json.toString(), "--csv", csv.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = command(world, out, err, all);
    return exit == Cli.USAGE || Files.size(json) == 0
        ? new Reconciled(exit, out.toString(), err.toString(), Api.parse("{}"), List.of())
        : new Reconciled(
            exit,
            out.toString(),
            err.toString(),
            Api.parse(Files.readString(json)),
            Files.readAllLines(csv));
  }

  static int command(World world, StringWriter out, StringWriter err, List<String> options) {
    var settings =
        Map.of(
            "settle.database.url", world.databaseSettings().url(),
            "settle.database.user", world.databaseSettings().user(),
            "settle.database.password", world.databaseSettings().password(),
            "settle.account.keyset.file", world.accountKeyset().toString(),
            "settle.rail.sandbox.url", "http://127.0.0.1:" + world.bankPort());
    settings.forEach(System::setProperty);
    try {
      CommandLine command =
          new CommandLine(new ReconcileCommand())
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true));
      return Cli.run(command, options.toArray(new String[0]));
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  /** Each difference as "KIND ENTRY id". */
  public TreeSet<String> found() {
    TreeSet<String> found = new TreeSet<>();
    for (JsonNode difference : json.path("differences")) {
      String text =
          difference.path("kind").asText()
              + " "
              + difference.path("entry").asText()
              + " "
              + difference.path("endToEndId").asText();
      if (!found.add(text)) {
        Assertions.fail("found twice: " + text);
      }
    }
    return found;
  }

  JsonNode difference(String endToEndId) {
    for (JsonNode difference : json.path("differences")) {
      if (difference.path("endToEndId").asText().equals(endToEndId)) {
        return difference;
      }
    }
    return Assertions.fail("no difference of " + endToEndId);
  }
}
