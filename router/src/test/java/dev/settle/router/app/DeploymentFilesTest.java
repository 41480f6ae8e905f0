package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * What the files for containers name is what the code has: there is no container engine to find out
 * otherwise.
 */
class DeploymentFilesTest {

  private static final Path ROOT = Path.of("..");
  private static final Path FILES = ROOT.resolve("cluster-config");
  private static final Pattern SETTING =
      Pattern.compile("(?m)^\\| `settle\\.[a-z.]+` \\| `(SETTLE_[A-Z_]+)` \\| `?([^|`]*)`? \\|");

  /** Every variable of the documented table, which {@code SettingsTest} holds to the code. */
  private static Map<String, String> defaults() throws IOException {
    Map<String, String> defaults = new TreeMap<>();
    Matcher rows =
        SETTING.matcher(Files.readString(ROOT.resolve("docs/operating/configuration.md")));
    while (rows.find()) {
      defaults.put(rows.group(1), rows.group(2).strip());
    }
    assertThat(defaults).containsKeys("SETTLE_HTTP_PORT", "SETTLE_CLUSTER_PORT");
    return defaults;
  }

  private static String text(String file) throws IOException {
    return Files.readString(FILES.resolve(file));
  }

  private static Set<String> variables(String text) {
    return Pattern.compile("\\bSETTLE_[A-Z_]+")
        .matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> at(Object yaml, String... path) {
    Object found = yaml;
    for (String key : path) {
      found = ((Map<String, Object>) found).get(key);
    }
    return (Map<String, Object>) found;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> listAt(Map<String, Object> yaml, String key) {
    return (List<Map<String, Object>>) yaml.get(key);
  }

  private static List<Map<String, Object>> objects() throws IOException {
    return StreamSupport.stream(
            new Yaml().loadAll(text("kubernetes/router.yaml")).spliterator(), false)
        .map(object -> at(object))
        .toList();
  }

  private static Map<String, Object> pod() throws IOException {
    return objects().stream()
        .filter(object -> "StatefulSet".equals(object.get("kind")))
        .map(object -> at(object, "spec", "template", "spec"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void every_variable_is_a_setting() throws IOException {
    Set<String> settings = defaults().keySet();
    for (String file : List.of("compose.yaml", "kubernetes/router.yaml", "README.md")) {
      assertThat(settings).as(file).containsAll(variables(text(file)));
    }
  }

  @Test
  void what_a_node_cannot_start_without_is_given() throws IOException {
    Set<String> required =
        defaults().entrySet().stream()
            .filter(setting -> setting.getValue().equals("–"))
            .map(Map.Entry::getKey)
            .filter(name -> !name.contains("NOTIFICATION"))
            .collect(Collectors.toSet());
    assertThat(required).contains("SETTLE_DATABASE_URL");
    Map<String, Object> compose = at(new Yaml().load(text("compose.yaml")));

    for (int node = 0; node < 3; node++) {
      assertThat(at(compose, "services", "router-" + node, "environment").keySet())
          .containsAll(required)
          .contains("SETTLE_NODE_NAME", "SETTLE_CLUSTER_MEMBERS");
    }
    assertThat(variables(text("kubernetes/router.yaml") + text("README.md")))
        .containsAll(required)
        .contains("SETTLE_NODE_NAME", "SETTLE_CLUSTER_KUBERNETES_SERVICE");
  }

  @Test
  void ports_are_the_nodes() throws IOException {
    Map<String, String> defaults = defaults();
    String http = defaults.get("SETTLE_HTTP_PORT");
    String management = defaults.get("SETTLE_MANAGEMENT_PORT");
    String cluster = defaults.get("SETTLE_CLUSTER_PORT");
    Map<String, Object> compose = at(new Yaml().load(text("compose.yaml")));
    List<String> members = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      assertThat(at(compose, "services", "router-" + node).get("ports").toString())
          .contains(":" + http, ":" + management);
      members.add("router-" + node + ":" + cluster);
      targets.add("router-" + node + ":" + management);
    }
    assertThat(at(compose, "services", "router-0", "environment").get("SETTLE_CLUSTER_MEMBERS"))
        .isEqualTo(String.join(",", members));
    Map<String, Object> scrape =
        listAt(at(new Yaml().load(text("prometheus/prometheus.yml"))), "scrape_configs").get(0);
    assertThat(listAt(scrape, "static_configs").get(0).get("targets")).isEqualTo(targets);
    assertThat(listAt(listAt(pod(), "containers").get(0), "ports"))
        .extracting(port -> port.get("name") + " " + port.get("containerPort"))
        .containsExactly("http " + http, "management " + management, "cluster " + cluster);
    assertThat(Files.readString(ROOT.resolve("Dockerfile")))
        .contains("EXPOSE " + http + " " + management + " " + cluster);
  }

  @Test
  void probes_ask_what_the_management_port_answers() throws IOException {
    String management =
        Files.readString(Path.of("src/main/java/dev/settle/router/app/Management.java"));
    Map<String, Object> router = listAt(pod(), "containers").get(0);
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      Map<String, Object> get = at(router, probe, "httpGet");
      assertThat(get.get("port")).isEqualTo("management");
      assertThat(management).contains("\"" + get.get("path") + "\"");
    }
    assertThat(at(router, "livenessProbe", "httpGet").get("path")).isEqualTo("/health/live");
    assertThat(management).contains("\"/metrics\"");
    assertThat(management).contains("\"" + HealthCommand.PATH + "\"");
  }

  @Test
  void the_images_health_check_is_a_command_of_the_image() throws IOException {
    String image =
        Files.readString(ROOT.resolve("Dockerfile"))
            .replaceAll("(?m)^#.*", "")
            .replaceAll("[\",\\\\\\s\\[\\]]+", " ");
    String check = image.substring(image.indexOf("HEALTHCHECK"), image.indexOf("STOPSIGNAL"));
    String start = image.substring(image.indexOf("ENTRYPOINT"));
    String command = " -cp /app/lib/* " + Main.class.getName() + " ";

    assertThat(check).contains(" CMD java ").contains(command + "health ");
    assertThat(start).contains(" java ").contains(command + "CMD serve");
    assertThat(Main.commandLine().getSubcommands()).containsKeys("health", "serve");
  }

  @Test
  void nobody_is_root_and_nothing_is_written() throws IOException {
    String user = String.valueOf(at(pod(), "securityContext").get("runAsUser"));
    assertThat(Files.readString(ROOT.resolve("Dockerfile")))
        .contains("--uid " + user, "USER " + user);
    assertThat(at(listAt(pod(), "containers").get(0), "securityContext"))
        .containsEntry("readOnlyRootFilesystem", true)
        .containsEntry("allowPrivilegeEscalation", false);
    assertThat(at(new Yaml().load(text("compose.yaml")), "services", "router-1"))
        .containsEntry("read_only", true);
  }

  @Test
  void services_find_their_pods_and_members_each_other() throws IOException {
    Object labels =
        objects().stream()
            .filter(object -> "StatefulSet".equals(object.get("kind")))
            .map(object -> at(object, "spec", "template", "metadata", "labels"))
            .findFirst()
            .orElseThrow();
    List<String> headless = new ArrayList<>();
    for (Map<String, Object> object : objects()) {
      if ("Service".equals(object.get("kind"))) {
        assertThat(at(object, "spec").get("selector")).isEqualTo(labels);
        if ("None".equals(at(object, "spec").get("clusterIP"))) {
          headless.add(String.valueOf(at(object, "metadata").get("name")));
        }
      }
    }
    assertThat(headless).hasSize(1);
    assertThat(text("kubernetes/router.yaml"))
        .contains("SETTLE_CLUSTER_KUBERNETES_SERVICE, value: " + headless.get(0))
        .contains("serviceName: " + headless.get(0));
  }

  @Test
  void files_that_are_mounted_are_there() throws IOException {
    assertThat(FILES.resolve("prometheus/prometheus.yml")).exists();
    assertThat(FILES.resolve("grafana/provisioning/datasources/prometheus.yaml")).exists();
    assertThat(text("compose.yaml"))
        .contains(
            "./prometheus:/etc/prometheus:ro",
            "./grafana/provisioning:/etc/grafana/provisioning:ro");
    assertThat(at(new Yaml().load(text("grafana/provisioning/datasources/prometheus.yaml"))))
        .containsKey("datasources");
    assertThat(text("README.md"))
        .contains("`kubernetes/router.yaml`", "`prometheus/prometheus.yml`", "`compose.yaml`");
  }

  @Test
  void grafana_finds_its_dashboards_where_they_are_mounted() throws IOException {
    Map<String, Object> provisioned =
        at(new Yaml().load(text("grafana/provisioning/dashboards/settle.yaml")));
    Object path = at(listAt(provisioned, "providers").get(0), "options").get("path");
    assertThat(FILES.resolve("grafana/dashboards/overview.json")).exists();
    assertThat(text("compose.yaml")).contains("\"./grafana/dashboards:" + path + ":ro\"");
  }

  @Test
  void rates_are_taken_over_scrapes_as_often_as_prometheus_makes_them() throws IOException {
    Map<String, Object> source =
        listAt(
                at(new Yaml().load(text("grafana/provisioning/datasources/prometheus.yaml"))),
                "datasources")
            .get(0);
    assertThat(at(source, "jsonData").get("timeInterval"))
        .isEqualTo(
            at(new Yaml().load(text("prometheus/prometheus.yml")), "global")
                .get("scrape_interval"));
  }

  @Test
  void rules_go_by_the_name_of_the_job_that_is_scraped() throws IOException {
    Map<String, Object> prometheus = at(new Yaml().load(text("prometheus/prometheus.yml")));
    assertThat(prometheus.get("rule_files")).isEqualTo(List.of("rules/*.yaml"));
    Object job = listAt(prometheus, "scrape_configs").get(0).get("job_name");
    for (String rules : List.of("alerts", "recording")) {
      Matcher jobs =
          Pattern.compile("job=\"([^\"]+)\"").matcher(text("prometheus/rules/" + rules + ".yaml"));
      assertThat(jobs.results().map(found -> found.group(1))).isNotEmpty().containsOnly(job + "");
    }
  }

  @Test
  void the_image_starts_java_as_the_launcher_does() throws IOException {
    String launcher = Files.readString(ROOT.resolve("bin/settle"));
    String image = Files.readString(ROOT.resolve("Dockerfile")).replaceAll("[\",\\\\]", " ");
    Matcher flags = Pattern.compile("(?m)^  (--add-\\S+ \\S+)$").matcher(launcher);
    List<String> wanted = new ArrayList<>();
    while (flags.find()) {
      wanted.add(flags.group(1));
    }
    assertThat(wanted).hasSizeGreaterThan(3);
    for (String flag : wanted) {
      assertThat(image.replaceAll("\\s+", " ")).contains(flag);
    }
  }
}
