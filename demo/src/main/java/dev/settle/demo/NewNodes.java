package dev.settle.demo;

import dev.settle.demo.display.Screen;
import dev.settle.demo.node.NodeProcess;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that join while the demo runs, one at a time, because somebody wishes for them ({@link
 * NodeWish}). Belongs to one thread, which looks in now and then.
 */
final class NewNodes {

  /** Whether a node is ready; does not wait long. */
  interface Readiness {
    boolean of(NodeProcess node) throws InterruptedException;
  }

  private final Parts parts;
  private final NodeWish wish;
  private final Readiness ready;
  private final Consumer<NodeProcess> joined;
  private final Screen screen;
  private @Nullable NodeProcess joining;

  /**
   * @param joined is told of each node that is ready
   */
  NewNodes(
      Parts parts, NodeWish wish, Readiness ready, Consumer<NodeProcess> joined, Screen screen) {
    this.parts = parts;
    this.wish = wish;
    this.ready = ready;
    this.joined = joined;
    this.screen = screen;
  }

  /** Begins what is wished for, or ends what has begun. */
  void look() throws IOException, InterruptedException {
    NodeProcess node = joining;
    if (node == null) {
      if (wish.isOpen()) {
        begin();
      }
    } else if (ready.of(node)) {
      joining = null;
      node.wasReady();
      joined.accept(node);
      String there =
          node.launch().name()
              + " has joined: http://127.0.0.1:"
              + node.launch().httpPort()
              + "/v1, log "
              + node.launch().log();
      screen.say(there);
      wish.answer(there);
    }
  }

  private void begin() throws IOException {
    wish.begin();
    if (parts.nodes().size() == DemoSettings.MOST_NODES) {
      wish.answer("there are " + DemoSettings.MOST_NODES + " nodes already: no more");
      return;
    }
    try {
      joining = parts.addNode();
    } catch (ConfigurationException refusal) {
      wish.answer(String.valueOf(refusal.getMessage()));
    }
  }
}
