package dev.settle.router.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map of who may use whom, docs/packages.puml, is what the code does. */
class ArchitectureTest {

  private static final Path DIAGRAM = Path.of("../docs/packages.puml");
  private static final Path MAIN = Path.of("src/main/java");
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.settle.router");

  @Test
  void packages_use_only_what_the_diagram_lets_them() {
    ArchRuleDefinition.classes()
        .should(adhereToPlantUmlDiagram(DIAGRAM, consideringOnlyDependenciesInDiagram()))
        .check(CODE);
  }

  @Test
  void the_diagram_shows_every_package_and_no_other() throws IOException {
    var named =
        Pattern.compile("<<(dev\\.settle\\.router[a-z.]*)>>")
            .matcher(Files.readString(DIAGRAM))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).isEqualTo(packages());
  }

  @Test
  void every_package_says_what_it_is() throws IOException {
    for (String name : packages()) {
      Path info = MAIN.resolve(name.replace('.', '/')).resolve("package-info.java");
      assertThat(info).exists();
      assertThat(Files.readString(info)).startsWith("/**").contains("@NullMarked");
    }
  }

  @Test
  void decisions_know_no_io() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.settle.router.money",
            "dev.settle.router.transaction",
            "dev.settle.router.routing",
            "dev.settle.router.explanation")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..", "com.hazelcast..", "java.sql..", "java.net..", "io.netty..")
        .check(CODE);
  }

  @Test
  void only_commands_and_what_they_check_the_book_with_use_blocking_sql() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.settle.router.app",
            "dev.settle.router.audit.check",
            "dev.settle.router.invariant",
            "dev.settle.router.reconciliation",
            "dev.settle.router.retention",
            "dev.settle.router.reencryption")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.sql..")
        .check(CODE);
  }

  @Test
  void nothing_outside_the_commands_waits_for_a_thread() {
    List<String> waits = List.of("Thread.sleep", ".join()", "CountDownLatch", "Future.await");
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.settle.router.app")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.CountDownLatch")
        .check(CODE);
    assertThat(sources().filter(path -> !path.toString().contains("/app/")))
        .allSatisfy(path -> assertThat(Files.readString(path)).doesNotContain(waits));
  }

  private static TreeSet<String> packages() {
    return CODE.stream()
        .map(type -> type.getPackageName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Path> sources() {
    try {
      return Files.walk(MAIN).filter(path -> path.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
