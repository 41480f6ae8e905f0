package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.settle.router.access.Role;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.sandbox.net.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node as the image starts it: with the Dockerfile's own flags, as a user without rights, every
 * file system read-only but a small /tmp in which nothing can be run. It takes a sale and posts it.
 * Needs Linux, root and {@code unshare}, for there is no container engine here.
 */
@ExtendWith(InvariantsHold.class)
class ReadOnlyRootIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String UID = "10001";

  /** Where the node sees what was built: a checkout below /tmp would vanish. */
  private static final String SEEN_AT = "/srv";

  /** What bind mounts of a container would do. */
  private static final String LOCKED =
      """
      set -e
      mount --make-rprivate /
      mkdir -p /srv
      mount --bind "$BUILT" /srv
      grep -E '^[^ ]+ /[^ ]* (ext4|overlay|xfs|btrfs|tmpfs) ' /proc/mounts | cut -d' ' -f2 | while read -r at; do
        mount -o remount,bind,ro "$at"
      done
      mount -t tmpfs -o noexec,nosuid,nodev,size=16m,mode=1777 tmpfs /tmp
      exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
      """;

  @Test
  void it_serves_from_a_file_system_that_it_cannot_write(World world) throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    assumeThat(Path.of("/usr/bin/unshare")).exists();
    int http = FreePort.any();
    int management = FreePort.any();
    Process node = start(world, http, management);
    try {
      HttpClient client = HttpClient.newHttpClient();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> get(client, management, "/health/ready") == 200 || !node.isAlive());
      assertThat(node.isAlive()).as(Files.readString(log())).isTrue();
      assertThat(post(client, http, world, "/v1/merchants", Role.OPERATOR, Documents.merchant(1)))
          .isEqualTo(201);
      assertThat(
              post(
                  client, http, world, "/v1/transactions", Role.TERMINAL, Documents.saleJson(1, 1)))
          .isEqualTo(201);
      assertThat(get(client, http, "/docs")).isEqualTo(200);
      assertThat(get(client, http, "/console/index.html")).isEqualTo(200);
      world.settle();
      assertThat(world.booked()).hasSize(1);

      assertThat(written(node.pid())).allMatch(file -> file.startsWith("vertx-cache"));
      String status = Files.readString(Path.of("/proc/" + node.pid() + "/status"));
      assertThat(status)
          .containsPattern("Uid:\\s+" + UID + "\\s")
          .containsPattern("CapEff:\\s+0+\\s")
          .containsPattern("NoNewPrivs:\\s+1");
      assertThat(Files.readString(Path.of("/proc/" + node.pid() + "/maps")))
          .contains("libnetty_transport_native_epoll");
    } finally {
      node.destroy();
      assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Path log() {
    return TARGET.resolve("read-only.log");
  }

  private static Process start(World world, int http, int management) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", LOCKED, "locked"));
    command.addAll(entrypoint());
    command.add("serve");
    Settings.Database database = world.routerSettings();
    command.replaceAll(ReadOnlyRootIT::seen);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("SETTLE_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SETTLE_HTTP_HOST", "127.0.0.1",
                "SETTLE_HTTP_PORT", String.valueOf(http),
                "SETTLE_MANAGEMENT_PORT", String.valueOf(management),
                "SETTLE_DATABASE_URL", database.url(),
                "SETTLE_DATABASE_USER", database.user(),
                "SETTLE_DATABASE_PASSWORD", database.password(),
                "SETTLE_RAIL_SANDBOX_URL", "http://127.0.0.1:" + world.bankPort(),
                "SETTLE_TOKEN_SECRET_FILE", seen(readable(world.tokenSecret())),
                "SETTLE_ACCOUNT_KEYSET_FILE", seen(readable(world.accountKeyset())),
                "SETTLE_CLUSTER_PORT", String.valueOf(FreePort.any())));
    builder
        .environment()
        .putAll(
            Map.of(
                "BUILT", TARGET.toString(),
                "SETTLE_DRAIN_NOTICE_MS", "0",
                "SETTLE_DEMO", "true",
                "SETTLE_TLS_TERMINATED_BY", "nobody"));
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    return builder.start();
  }

  private static String seen(String path) {
    return path.replace(TARGET.toString(), SEEN_AT);
  }

  /** The image's own, with this build's files in the place of the image's. */
  private static List<String> entrypoint() throws IOException {
    String image = Files.readString(Path.of("../Dockerfile"));
    String entry = image.substring(image.indexOf("ENTRYPOINT"), image.lastIndexOf("CMD"));
    Path jar;
    try (Stream<Path> jars = Files.list(TARGET)) {
      jar =
          jars.filter(file -> file.getFileName().toString().matches("router-[0-9].*\\.jar"))
              .filter(file -> !file.toString().contains("tests"))
              .findFirst()
              .orElseThrow();
    }
    List<String> flags =
        Pattern.compile("\"([^\"]+)\"")
            .matcher(entry)
            .results()
            .map(found -> found.group(1))
            .map(flag -> flag.replace("/app/lib/*", jar + ":" + TARGET + "/lib/*"))
            .map(flag -> flag.replace("/app/native", nativeLibraries()))
            .collect(Collectors.toCollection(ArrayList::new));
    if (Runtime.version().feature() < 24) {
      flags.removeIf(flag -> flag.startsWith("--sun-misc-unsafe"));
    }
    flags.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
    return flags;
  }

  /** What the image unpacks when it is built. */
  private static String nativeLibraries() {
    Path folder = TARGET.resolve("native");
    try (Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
      Files.createDirectories(folder);
      for (Path jar : jars.filter(file -> file.toString().contains("native-epoll")).toList()) {
        try (var zip = java.nio.file.FileSystems.newFileSystem(jar);
            Stream<Path> files = Files.list(zip.getPath("META-INF/native"))) {
          for (Path file : files.filter(name -> name.toString().endsWith(".so")).toList()) {
            Files.copy(
                file,
                folder.resolve(file.getFileName().toString()),
                StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
      return folder.toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Mounted for a user of its own; the world's file is its owner's alone. */
  private static String readable(Path key) throws IOException {
    Path copy = Files.createTempFile(TARGET, "mounted-", ".key");
    Files.copy(key, copy, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy.toString();
  }

  /** What is in its /tmp, the only place that it can write. */
  private static Set<String> written(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/root/tmp"))) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static int get(HttpClient client, int port, String path) throws Exception {
    return client.send(request(port, path).GET().build(), BodyHandlers.discarding()).statusCode();
  }

  private static int post(
      HttpClient client, int port, World world, String path, Role role, String body)
      throws Exception {
    return client
        .send(
            request(port, path)
                .header("Authorization", "Bearer " + world.token(role))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }
}
