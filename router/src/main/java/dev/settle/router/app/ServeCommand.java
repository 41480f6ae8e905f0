package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code settle serve}: one node, until SIGTERM or SIGINT. */
@Command(
    name = "serve",
    description = "Run one router node, configured by environment or file.",
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
  private static final long START_SECONDS = 60;

  @Override
  public Integer call() throws Exception {
    Settings settings = Settings.read();
    StartRefusals.check(settings);
    var database = settings.database();
    DurabilityCheck.require(database);
    SchemaCheck.require(database);
    HistoryCheck.require(database);
    KeysetCheck.require(database, settings.accountKeysetFile());
    Node node = started(settings);
    LOG.info(
        "node {} serves on port {}, management on {}",
        settings.nodeName(),
        node.httpPort(),
        node.managementPort());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, stopped), "stop"));
    if (settings.exitWithParent()) {
      waitForParent();
      return Cli.GOOD;
    }
    stopped.await();
    return Cli.GOOD;
  }

  private static Node started(Settings settings) throws Exception {
    try {
      return Node.start(settings)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof BindException taken) {
        throw new ConfigurationException(
            "a port of "
                + settings.httpPort()
                + ", "
                + settings.managementPort()
                + " is taken: "
                + taken.getMessage());
      }
      if (failed.getCause() instanceof ConfigurationException refused) {
        throw refused;
      }
      throw failed;
    }
  }

  private static void stop(Node node, CountDownLatch stopped) {
    CompletableFuture<Void> done = node.stop().toCompletionStage().toCompletableFuture();
    try {
      done.get(Limits.DRAIN.toSeconds() * 2, TimeUnit.SECONDS);
      LOG.info("stopped");
    } catch (ExecutionException | TimeoutException unclean) {
      LOG.warn("stopped without a clean end; others take over what is left", unclean);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  /** A supervisor holds our standard input; when it is gone, so are we. */
  private static void waitForParent() throws IOException {
    while (System.in.read() >= 0) {
      // Whatever it writes means that it lives.
    }
    LOG.info("the supervisor is gone");
  }
}
