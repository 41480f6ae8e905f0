package dev.settle.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * How {@code settle add-node} speaks to a running demo, over two files in its data directory: the
 * wish, which is there until it is answered, and the answer. One wish at a time.
 */
final class NodeWish {

  private static final String WISH = "node.wish";
  private static final String ANSWER = "node.answer";

  private final Path wish;
  private final Path answer;

  NodeWish(Path dataDirectory) {
    this.wish = dataDirectory.resolve(WISH);
    this.answer = dataDirectory.resolve(ANSWER);
  }

  /** Wishes for one more node; false when an earlier wish is not yet answered. */
  boolean make() throws IOException {
    try {
      Files.createFile(wish);
    } catch (FileAlreadyExistsException another) {
      return false;
    }
    return true;
  }

  /** Begins to fulfil it: what was answered to an earlier one is forgotten. */
  void begin() throws IOException {
    Files.deleteIfExists(answer);
  }

  /** Whether a wish waits for its answer. */
  boolean isOpen() {
    return Files.exists(wish);
  }

  /** What came of it, or null: nobody says, the demo has ended. */
  @Nullable String answer() throws IOException {
    try {
      return Files.readString(answer).strip();
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Ends the wish, after its answer is there as a whole. */
  void answer(String what) throws IOException {
    Path draft = answer.resolveSibling(ANSWER + ".new");
    Files.writeString(draft, what + "\n");
    Files.move(draft, answer, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(wish);
  }

  /** Ends a wish without an answer. */
  void drop() throws IOException {
    Files.deleteIfExists(answer);
    Files.deleteIfExists(wish);
  }
}
