package dev.settle.sandbox.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Directories that only the user who runs us may look into: what lies there is executed, or holds
 * everything.
 */
final class PrivateDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private PrivateDirectory() {}

  /** Makes the directory, mode 0700, or takes an own one that is there and closes it to others. */
  static Path at(Path directory) {
    try {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (Files.notExists(directory)) {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      Path real = directory.toRealPath();
      refuseIfOthersWriteTo(real);
      Files.setPosixFilePermissions(real, OWNER_ONLY);
      return real;
    } catch (IOException e) {
      throw new DatabaseRefusal(
          "cannot use the directory " + directory + " (" + e + "): name one that you may write to",
          e);
    }
  }

  private static void refuseIfOthersWriteTo(Path directory) throws IOException {
    for (PosixFilePermission permission :
        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (WRITABLE_BY_OTHERS.contains(permission)) {
        throw new DatabaseRefusal(
            directory + " may be written by other users: remove it, or name another directory");
      }
    }
  }

  /** Removes the directory and everything in it; nothing happens when it is not there. */
  static void remove(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }
}
