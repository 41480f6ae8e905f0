package dev.settle.sandbox.bank;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only file of the bank's books, owned by one bank at a time.
 *
 * <p>An append is one write to the operating system without fsync: the bank stands for somebody
 * else's system, whose process the tests kill but whose machine does not lose power, and the
 * system's page cache outlives a killed process.
 */
final class BooksFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BooksFile.class);

  private final Path file;
  private final FileChannel channel;
  private long size;
  private boolean broken;

  private BooksFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Opens or creates the file, hands over each of its lines, and cuts off a torn last one. */
  static BooksFile open(Path file, LineConsumer lines) throws IOException {
    create(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      lock(file, channel);
      BooksFile books = new BooksFile(file, channel);
      books.replay(lines);
      return books;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void create(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (Files.notExists(file)) {
      // It holds full account numbers: nobody else on the machine reads it.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException("another bank keeps its books in " + file);
    }
  }

  private void replay(LineConsumer consumer) throws IOException {
    try (BookLines lines = new BookLines(file)) {
      for (FileLine line = lines.next(); line != null; line = lines.next()) {
        consumer.accept(line);
      }
      size = lines.consumed();
    }
    if (channel.size() > size) {
      LOG.warn("Cut {} bytes of a torn last line off {}", channel.size() - size, file);
      channel.truncate(size);
    }
    channel.position(size);
  }

  /** Appends whole lines; after a failure none of them is in the file. */
  void append(byte[] bytes) throws IOException {
    if (broken) {
      throw new IOException("the bank's books " + file + " are broken: restart the bank");
    }
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      size += bytes.length;
    } catch (IOException e) {
      takeBack();
      throw e;
    }
  }

  private void takeBack() {
    try {
      channel.truncate(size);
      channel.position(size);
    } catch (IOException e) {
      broken = true;
      LOG.error("Cannot take half a write back from {}: the bank books nothing more", file, e);
    }
  }

  Path path() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Takes a line of the file. */
  @FunctionalInterface
  interface LineConsumer {
    void accept(FileLine line) throws IOException;
  }
}
