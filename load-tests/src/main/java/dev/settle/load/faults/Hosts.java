package dev.settle.load.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The hosts of a run: network namespaces that {@code load-tests/faults/run} made, one for each
 * node, on a bridge in a namespace of its own in which this process runs. Filters are nftables'
 * (packets vanish, as on a broken line), the narrow line is {@code tc}'s token bucket. Blocking.
 */
final class Hosts {

  /** Where database, bank and terminals are. */
  static final String HUB = "10.213.0.1";

  private static final String NETWORK = "10.213.0.";
  private static final int FIRST = 11;
  private static final String DEVICE = "eth0";

  /** Of 256 packets: every tenth. */
  private static final int LOST_OF_256 = 26;

  private static final List<String> NARROW = List.of("rate", "2mbit", "burst", "16kb", "latency");
  private static final String LONGEST_WAIT = "300ms";
  private static final long COMMAND_SECONDS = 10;

  private final String prefix;
  private final int nodes;

  Hosts(String prefix, int nodes) {
    this.prefix = prefix;
    this.nodes = nodes;
  }

  int nodes() {
    return nodes;
  }

  String address(int node) {
    return NETWORK + (FIRST + node);
  }

  /** What a command is preceded by to run on a node's host. */
  List<String> within(int node) {
    return List.of("ip", "netns", "exec", prefix + "n" + node);
  }

  /** Makes the filters that faults fill. */
  void prepare() throws IOException, InterruptedException {
    for (int node = 0; node < nodes; node++) {
      for (String table : List.of("faults", "silence")) {
        nft(node, "add table inet " + table);
        for (String hook : List.of("input", "output")) {
          String filter = " { type filter hook " + hook + " priority 0 ; }";
          nft(node, "add chain inet " + table + " " + hook + filter);
        }
      }
    }
  }

  /** Cuts a node off from the other nodes, in both directions. */
  void split(int node) throws IOException, InterruptedException {
    String others =
        IntStream.range(0, nodes)
            .filter(other -> other != node)
            .mapToObj(this::address)
            .collect(Collectors.joining(", ", "{ ", " }"));
    drop(node, "ip saddr " + others, "ip daddr " + others);
  }

  /** Cuts a node off from a port of the hub. */
  void cutFromHub(int node, int port) throws IOException, InterruptedException {
    drop(node, "ip saddr " + HUB + " tcp sport " + port, "ip daddr " + HUB + " tcp dport " + port);
  }

  /** Cuts a node off from everything but itself. */
  void isolate(int node) throws IOException, InterruptedException {
    drop(node, "iifname " + DEVICE, "oifname " + DEVICE);
  }

  /** Nothing comes from or to this port of another host any more, not even when healed. */
  void silence(int node, int port) throws IOException, InterruptedException {
    for (String hook : List.of("input", "output")) {
      for (String end : List.of("sport", "dport")) {
        nft(
            node,
            "add rule inet silence "
                + hook
                + " ip saddr != "
                + address(node)
                + " tcp "
                + end
                + " "
                + port
                + " drop");
        nft(
            node,
            "add rule inet silence "
                + hook
                + " ip daddr != "
                + address(node)
                + " tcp "
                + end
                + " "
                + port
                + " drop");
      }
    }
  }

  void losePackets(int node) throws IOException, InterruptedException {
    nft(
        node,
        "add rule inet faults input iifname "
            + DEVICE
            + " meta random & 0xff < "
            + LOST_OF_256
            + " drop");
  }

  void narrow(int node) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(within(node));
    command.addAll(List.of("tc", "qdisc", "add", "dev", DEVICE, "root", "tbf"));
    command.addAll(NARROW);
    command.add(LONGEST_WAIT);
    run(command);
  }

  void widen(int node) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(within(node));
    command.addAll(List.of("tc", "qdisc", "del", "dev", DEVICE, "root"));
    run(command);
  }

  /** Takes the filters of a node's fault away. */
  void heal(int node) throws IOException, InterruptedException {
    nft(node, "flush chain inet faults input");
    nft(node, "flush chain inet faults output");
  }

  private void drop(int node, String in, String out) throws IOException, InterruptedException {
    nft(node, "add rule inet faults input " + in + " drop");
    nft(node, "add rule inet faults output " + out + " drop");
  }

  private void nft(int node, String rule) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(within(node));
    command.add("nft");
    command.addAll(Arrays.asList(rule.split(" ")));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not end");
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          String.join(" ", command)
              + ": "
              + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                  .strip());
    }
  }
}
