package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All that is to be looked at, with the place where it was seen: a place that nobody looked at
 * proves nothing. Safe for several threads.
 */
public final class Evidence {

  /** Files are read in pieces that overlap by more than the longest way to write a number. */
  private static final int PIECE = 16 << 20;

  private static final int OVERLAP = 4_096;

  private final List<Piece> pieces = new ArrayList<>();

  private record Piece(String place, Supplier<byte[]> bytes) {}

  public synchronized void add(String place, byte[] seen) {
    pieces.add(new Piece(place, () -> seen));
  }

  public void add(String place, String seen) {
    add(place, seen.getBytes(UTF_8));
  }

  /** A file as it is when it is looked at. */
  public synchronized void addFile(String place, Path file) throws IOException {
    long size = Files.size(file);
    for (long from = 0; from == 0 || from < size; from += PIECE) {
      long piece = from;
      pieces.add(new Piece(place, () -> read(file, piece)));
    }
  }

  /** Every file below a folder but those that {@code isLeftOut} names by their path in it. */
  public void addFiles(String place, Path folder, Predicate<String> isLeftOut) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!isLeftOut.test(name)) {
          addFile(place + "/" + name, file);
        }
      }
    }
  }

  private static byte[] read(Path file, long from) {
    try (FileChannel channel = FileChannel.open(file)) {
      int length = (int) Math.min(channel.size() - from, (long) PIECE + OVERLAP);
      ByteBuffer piece = ByteBuffer.allocate(Math.max(0, length));
      while (piece.hasRemaining() && channel.read(piece, from + piece.position()) >= 0) {
        // Until it is whole.
      }
      return piece.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever of the scanner's numbers is in it. */
  public synchronized Set<Finding> findings(NumberScanner scanner) {
    Set<Finding> found = new LinkedHashSet<>();
    pieces.forEach(piece -> found.addAll(scanner.look(piece.place(), piece.bytes().get())));
    return found;
  }

  public synchronized List<String> places() {
    return pieces.stream().map(Piece::place).toList();
  }

  public synchronized long bytes() {
    return pieces.stream().mapToLong(piece -> piece.bytes().get().length).sum();
  }
}
