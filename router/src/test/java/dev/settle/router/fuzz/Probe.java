package dev.settle.router.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.settle.router.access.Role;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request as it is kept: its bytes, with {@code {{token:ROLE}}} for a token and {@code
 * {{signature}}} for a bank's signature of the body, which hold for a while only.
 *
 * @param name of the route that it is for
 * @param request one letter for each byte
 */
record Probe(String name, String request) {

  private static final Pattern TOKEN = Pattern.compile("\\{\\{token:(\\w+)}}");
  static final String SIGNATURE = "{{signature}}";
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Signs a message's body. */
  @FunctionalInterface
  interface Signer {
    /** The headers of a signed message, each with its end. */
    String headers(String body);
  }

  /** As it goes over the line. */
  byte[] bytes(Function<Role, String> token, Signer signer) {
    String text =
        TOKEN
            .matcher(request)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        token.apply(Role.parse(found.group(1)).orElseThrow())));
    int end = text.indexOf(END_OF_HEAD);
    if (end >= 0 && text.contains(SIGNATURE)) {
      byte[] body = text.substring(end + END_OF_HEAD.length()).getBytes(ISO_8859_1);
      text =
          text.replace(
              SIGNATURE + "\r\n", signer.headers(new String(body, StandardCharsets.UTF_8)));
    }
    return text.getBytes(ISO_8859_1);
  }

  /** Whether its answer has no body, whatever its head says. */
  boolean isHead() {
    return request.startsWith("HEAD ");
  }

  @Override
  public String toString() {
    String shown = request.length() <= 2_000 ? request : request.substring(0, 2_000) + "…";
    return name + "\n" + shown.replaceAll("[^\\n\\x20-\\x7e]", "?");
  }
}
