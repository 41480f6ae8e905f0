package dev.settle.router.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes files with keys and secrets: whole or not at all, flushed to the disk before they take
 * their name, readable by their owner alone unless the file that is replaced was readable by its
 * group.
 */
public final class PrivateFile {

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private PrivateFile() {}

  /** Throws {@link FileAlreadyExistsException} rather than write over a key. */
  public static void create(Path file, String content) throws IOException {
    Path part = written(file, content);
    try {
      Files.createLink(file, part);
    } finally {
      Files.delete(part);
    }
  }

  /** Puts new content in the place of a file that is there. */
  public static void replace(Path file, String content) throws IOException {
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(file);
    Path part = written(file, content);
    try {
      Files.setPosixFilePermissions(part, before);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Path written(Path file, String content) throws IOException {
    FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(OWNER);
    Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".keys", "", owner);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return part;
  }
}
