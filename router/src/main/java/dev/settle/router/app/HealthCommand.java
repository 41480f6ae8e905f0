package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code settle health}: whether the node on this machine is alive, in one line and the exit code.
 * For a container's health check, whose image has a JVM for certain and perhaps nothing else that
 * speaks HTTP.
 */
@Command(
    name = "health",
    description = "Ask the node on this machine whether it is alive: exit code 0 or 1.",
    mixinStandardHelpOptions = true)
public final class HealthCommand implements Callable<Integer> {

  static final String PATH = "/health/live";

  /** For connecting, and again for the answer; a node that needs longer is not well. */
  private static final int DEADLINE_MILLIS = 2_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings.Management management = Settings.readManagement();
    if (management.port() == 0) {
      throw new ConfigurationException(
          "the management port is 0, any free one: the node alone knows which it took");
    }
    URL url = new URI("http", null, host(management), management.port(), PATH, null, null).toURL();
    String fault = fault(url);
    spec.commandLine().getOut().println(fault.isEmpty() ? "alive" : url + ": " + fault);
    spec.commandLine().getOut().flush();
    return fault.isEmpty() ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }

  /** What listens everywhere is reached over the loopback. */
  private static String host(Settings.Management management) {
    try {
      InetAddress address = InetAddress.getByName(management.host());
      return (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address)
          .getHostAddress();
    } catch (UnknownHostException e) {
      throw new ConfigurationException("settle.http.host: there is no host " + management.host());
    }
  }

  /** What is wrong; empty when nothing is. */
  private static String fault(URL url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(DEADLINE_MILLIS);
      connection.setReadTimeout(DEADLINE_MILLIS);
      int status = connection.getResponseCode();
      return status == HttpURLConnection.HTTP_OK ? "" : "answered " + status;
    } catch (IOException e) {
      return "no answer (" + e.getMessage() + ")";
    }
  }
}
