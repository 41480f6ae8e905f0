package dev.settle.sandbox.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A data directory and what lies in it: {@code cluster} (PostgreSQL's own), {@code password},
 * {@code owner.lock} and the log {@code postgres.log}. One process at a time owns it.
 */
final class ClusterDirectory implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final Path root;
  private final FileChannel owner;

  private ClusterDirectory(Path root, FileChannel owner) {
    this.root = root;
    this.owner = owner;
  }

  /** Takes the directory for this process. */
  static ClusterDirectory own(Path directory) {
    Path root = PrivateDirectory.at(directory);
    try {
      FileChannel owner =
          FileChannel.open(
              root.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(owner) == null) {
        owner.close();
        throw new DatabaseRefusal(
            root + " is in use by another process: stop that one, or name another directory");
      }
      return new ClusterDirectory(root, owner);
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot lock " + root + ": name a directory on a local disk", e);
    }
  }

  private static @Nullable FileLock lock(FileChannel owner) throws IOException {
    try {
      return owner.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path cluster() {
    return root.resolve("cluster");
  }

  Path log() {
    return root.resolve("postgres.log");
  }

  String password() {
    try {
      return Files.readString(passwordFile()).trim();
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot read " + passwordFile() + ": restore that file", e);
    }
  }

  private Path passwordFile() {
    return root.resolve("password");
  }

  /**
   * Creates the cluster unless there is one. It bears its final name only when it is whole, so that
   * a creation that was killed is begun again and never mistaken for a cluster.
   */
  void createIfAbsent(Programs programs) {
    if (Files.exists(cluster())) {
      return;
    }
    Path part = root.resolve("cluster.part");
    PrivateDirectory.remove(part);
    try {
      writePassword();
      programs.run("create a database", "initdb", initdb(part));
      Files.move(part, cluster());
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot write to " + root + " (" + e + "): make room there", e);
    }
  }

  private List<String> initdb(Path target) {
    return List.of(
        "--pgdata=" + target,
        "--username=" + DurablePostgres.USER,
        // Without a password every user of the machine would be its superuser.
        "--auth=scram-sha-256",
        "--pwfile=" + passwordFile(),
        "--encoding=UTF8",
        // The same order of strings on every machine, whatever locales it has.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8");
  }

  /** Lets in, by the password, who is on a network that this machine is directly connected to. */
  void admitNeighbours() {
    Path rules = cluster().resolve("pg_hba.conf");
    String neighbours = "host all all samenet scram-sha-256";
    try {
      if (!Files.readAllLines(rules).contains(neighbours)) {
        Files.writeString(rules, neighbours + "\n", StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot write " + rules + " (" + e + "): make it writable", e);
    }
  }

  private void writePassword() throws IOException {
    byte[] secret = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(secret);
    Files.deleteIfExists(passwordFile());
    Files.createFile(
        passwordFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile(), HexFormat.of().formatHex(secret) + "\n");
  }

  /** Gives the directory free for another process. */
  @Override
  public void close() {
    try {
      owner.close();
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot unlock " + root, e);
    }
  }
}
