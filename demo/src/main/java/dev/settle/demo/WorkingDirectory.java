package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder that one demo keeps everything in; see {@code docs/operating/demo.md} for what is
 * where. Locked while it is used.
 */
public final class WorkingDirectory implements AutoCloseable {

  private final Path root;
  private final boolean temporary;
  private final FileChannel lockFile;

  private WorkingDirectory(Path root, boolean temporary, FileChannel lockFile) {
    this.root = root;
    this.temporary = temporary;
    this.lockFile = lockFile;
  }

  /**
   * Opens {@code named}, or a new temporary folder when that is null. Throws {@link
   * ConfigurationException} when another demo uses it.
   */
  public static WorkingDirectory open(@Nullable Path named) throws IOException {
    Path root =
        named == null
            ? Files.createTempDirectory("settle-demo-")
            : named.toAbsolutePath().normalize();
    Files.createDirectories(root);
    FileChannel lock = tryLock(root);
    if (lock == null) {
      throw new ConfigurationException(
          "another demo is running on --data-dir " + root + ": stop it or name another directory");
    }
    var directory = new WorkingDirectory(root, named == null, lock);
    Files.createDirectories(directory.logs());
    Files.createDirectories(directory.bankBooks().getParent());
    Files.createDirectories(directory.acknowledgements().getParent());
    return directory;
  }

  /** Takes a folder that was used before, or returns null when a demo is running on it. */
  static @Nullable WorkingDirectory lock(Path root) throws IOException {
    FileChannel lock = tryLock(root);
    return lock == null ? null : new WorkingDirectory(root, false, lock);
  }

  /** The operating system gives the lock free when its owner dies, however it dies. */
  private static @Nullable FileChannel tryLock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(
            root.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      locked = false;
    }
    if (!locked) {
      channel.close();
    }
    return locked ? channel : null;
  }

  /** The folder itself, absolute. */
  public Path root() {
    return root;
  }

  /** Whether the folder was made for this run alone. */
  boolean temporary() {
    return temporary;
  }

  static Path bankBooks(Path root) {
    return root.resolve("bank").resolve("books.ndjson");
  }

  /** The API key of the demo's acquirer, of the folder {@code root}. */
  static Path apiKey(Path root) {
    return root.resolve("terminal.key");
  }

  /** What terminals were told, of the folder {@code root}. */
  public static Path acknowledgements(Path root) {
    return root.resolve("terminals").resolve("acknowledged.csv");
  }

  /** The books of the sandbox bank. */
  public Path bankBooks() {
    return bankBooks(root);
  }

  /** What terminals were told. */
  public Path acknowledgements() {
    return acknowledgements(root);
  }

  Path terminalRuns() {
    return root.resolve("terminals").resolve("runs");
  }

  Path stories() {
    return root.resolve("terminals").resolve("stories.csv");
  }

  Path logs() {
    return root.resolve("logs");
  }

  /** Removes the folder with everything in it; only for a temporary one. */
  void delete() throws IOException {
    if (!temporary) {
      throw new IllegalStateException("not a temporary folder: " + root);
    }
    deleteTree(root);
  }

  /** Removes a folder with everything in it. */
  public static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
