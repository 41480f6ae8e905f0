package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a message goes, taken apart once, so that nobody downstream reads the address otherwise.
 * https to a host by its name, at a port that web servers have; no user, no fragment. Addresses in
 * the place of a name are refused in every spelling (decimal, octal, hexadecimal, IPv6): the last
 * label of a name is no number.
 *
 * @param secure https; http is for this machine alone, and only where a setting allows it
 * @param target path and query as they are sent
 */
record Destination(boolean secure, String host, int port, String target) {

  private static final Set<Integer> PORTS = Set.of(443, 8443);
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost");

  /** Why an address is not taken; the text is for whoever sent it. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Reads one.
   *
   * @param loopback whether this machine may be a receiver, at any port, over http too
   */
  static Destination of(String url, boolean loopback) throws Refused {
    if (url.length() > Limits.WEBHOOK_URL_LENGTH || !PRINTABLE.matcher(url).matches()) {
      throw new Refused(
          "At most " + Limits.WEBHOOK_URL_LENGTH + " printable ASCII characters are expected.");
    }
    URI uri = parse(url);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    boolean here = loopback && THIS_MACHINE.contains(String.valueOf(uri.getHost()));
    if (!scheme.equals("https") && !(here && scheme.equals("http"))) {
      throw new Refused("An https address is expected.");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new Refused("The address may have no user and no fragment.");
    }
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (!here && !NAME.matcher(host).matches()) {
      throw new Refused("The host is expected by its full name, not as an address.");
    }
    boolean secure = scheme.equals("https");
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    if (!here && !PORTS.contains(port)) {
      throw new Refused("Port 443 or 8443 is expected.");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new Destination(
        secure, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  private static URI parse(String url) throws Refused {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new Refused("This is not an address.");
    }
  }

  private boolean isHere() {
    return THIS_MACHINE.contains(host);
  }

  /**
   * The one of the host's addresses that is connected to. Every one is looked at: a name that has
   * one that nothing is sent to is refused with all of them, whichever would be taken.
   */
  InetAddress choose(List<InetAddress> addresses) throws Refused {
    if (addresses.isEmpty()) {
      throw new Refused("The host's name is not known.");
    }
    for (InetAddress address : addresses) {
      if (isHere() ? !address.isLoopbackAddress() : !PublicAddress.is(address)) {
        throw new Refused("The host has an address that is not on the public network.");
      }
    }
    return addresses.get(0);
  }
}
