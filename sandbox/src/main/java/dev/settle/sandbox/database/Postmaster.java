package dev.settle.sandbox.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process that the lock file of a cluster names: ours to stop only if it really serves
 * that cluster.
 */
final class Postmaster {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);

  private Postmaster() {}

  /**
   * Whether a living server serves the cluster. A lock file whose process number belongs to another
   * program by now (as after a restart of a container) is removed when no process works in the
   * cluster; PostgreSQL would refuse to start.
   */
  static boolean runsOn(Path cluster) {
    Optional<ProcessHandle> named = named(cluster);
    if (named.isEmpty()) {
      return false;
    }
    ProcessHandle process = named.get();
    if (isPostgres(process) && worksIn(process, cluster)) {
      return true;
    }
    removeStaleLock(cluster, process);
    return false;
  }

  private static Optional<ProcessHandle> named(Path cluster) {
    try {
      List<String> lines = Files.readAllLines(lockOf(cluster));
      long pid = Long.parseLong(lines.get(0).trim());
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      throw new DatabaseRefusal(
          "cannot read " + lockOf(cluster) + ": remove it if no server runs", e);
    }
  }

  private static void removeStaleLock(Path cluster, ProcessHandle other) {
    boolean inUse = ProcessHandle.allProcesses().anyMatch(process -> worksIn(process, cluster));
    if (inUse || !canTellWorkingDirectories()) {
      throw new DatabaseRefusal(
          lockOf(cluster)
              + " names process "
              + other.pid()
              + ", which is not its server: remove that file if no server runs");
    }
    LOG.warn("Process {} is not the server of {}: removing its stale lock", other.pid(), cluster);
    try {
      Files.delete(lockOf(cluster));
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot remove " + lockOf(cluster) + ": remove it", e);
    }
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(Path::of).map(Path::getFileName).stream()
        .anyMatch(name -> name.toString().equals("postgres"));
  }

  /**
   * A server makes the cluster its working directory; where that cannot be seen, its -D names it.
   */
  private static boolean worksIn(ProcessHandle process, Path cluster) {
    if (!canTellWorkingDirectories()) {
      return Arrays.asList(process.info().arguments().orElse(new String[0]))
          .contains(cluster.toString());
    }
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .equals(cluster);
    } catch (IOException | SecurityException e) {
      // Gone meanwhile, or of another user: in either case it serves no cluster of ours.
      return false;
    }
  }

  private static boolean canTellWorkingDirectories() {
    return Files.exists(Path.of("/proc/self/cwd"));
  }

  private static Path lockOf(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }
}
