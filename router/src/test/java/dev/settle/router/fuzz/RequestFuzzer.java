package dev.settle.router.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.settle.router.access.Role;
import dev.settle.router.access.Route;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes requests: for each route a good one from the contract's examples and the ids there are, and
 * then one to three things about it wrong. Its framing is honest, so that each is owed an answer.
 */
final class RequestFuzzer {

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json; charset=utf-16",
          "APPLICATION/JSON",
          "application/x-ndjson",
          "text/plain",
          "multipart/form-data",
          "application/json, text/plain",
          ";",
          "");

  /**
   * Without an Upgrade to h2c: to a half of one Vert.x itself answers a bare 400 and leaves the
   * connection open until it is idle, before anything of ours sees the request.
   */
  private static final List<String> HEADERS =
      List.of(
          "Expect: 100-continue",
          "Expect: 200-ok",
          "Content-Encoding: gzip",
          "Accept-Encoding: gzip, br",
          "Accept: text/html",
          "Range: bytes=0-1",
          "If-None-Match: *",
          "X-HTTP-Method-Override: DELETE",
          "Origin: null",
          "Cookie: a=b; \u00ff",
          "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
          "Upgrade: websocket",
          "Transfer-Encoding: identity",
          "X-Forwarded-For: ::1",
          "Last-Event-ID: 99999999999999999999");

  private final Chance chance;
  private final Contract contract;
  private final JsonMutant mutant;
  private final Map<String, List<String>> ids;

  /**
   * @param ids of what there is, by the names of path parameters
   */
  RequestFuzzer(Chance chance, Contract contract, Map<String, List<String>> ids) {
    this.chance = chance;
    this.contract = contract;
    this.mutant = new JsonMutant(chance);
    this.ids = ids;
  }

  Probe next(Route route) {
    boolean wrongMethod = chance.oneIn(30);
    String method = wrongMethod ? chance.of(METHODS) : route.method().name();
    byte[] body = body(route);
    List<String> head = new ArrayList<>();
    head.add(method + " " + target(route) + " HTTP/1.1");
    head.add("Host: localhost");
    access(route, head);
    String type = chance.oneIn(12) ? chance.of(TYPES) : contract.mediaType(route);
    if (!type.isEmpty()) {
      head.add("Content-Type: " + type);
    }
    extras(head);
    head.add("Connection: close");
    boolean chunked = chance.oneIn(10);
    if (body.length > 0 || !method.equals("GET")) {
      head.add(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
    } else {
      chunked = false;
    }
    String text = new String(chunked ? chunks(body) : body, ISO_8859_1);
    return new Probe(route.name(), String.join("\r\n", head) + "\r\n\r\n" + text);
  }

  private void access(Route route, List<String> head) {
    if (route.proof() == Route.Proof.SIGNATURE && !chance.oneIn(8)) {
      head.add(Probe.SIGNATURE);
      return;
    }
    List<Role> roles = new ArrayList<>(route.roles());
    if (roles.isEmpty() || chance.oneIn(25)) {
      if (chance.oneIn(2)) {
        head.add(
            "Authorization: " + chance.of(List.of("Bearer", "Bearer ", "Bearer a.b.c", "Basic x")));
      }
      return;
    }
    roles.sort(null);
    head.add("Authorization: Bearer {{token:" + chance.of(roles).text() + "}}");
  }

  private void extras(List<String> head) {
    if (chance.oneIn(10)) {
      head.add(chance.of(HEADERS));
    }
    if (chance.oneIn(60)) {
      head.add("X-Long: " + "x".repeat(chance.below(30_000)));
    }
    if (chance.oneIn(60)) {
      for (int i = chance.below(400); i > 0; i--) {
        head.add("X-" + i + ": " + i);
      }
    }
    if (chance.oneIn(40)) {
      head.add("X-Odd: " + printable(chance.text()));
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f\\u0100-\\uffff]", "?");
  }

  private String target(Route route) {
    StringBuilder path = new StringBuilder();
    for (String part : route.path().substring(1).split("/", -1)) {
      path.append('/').append(part(part));
    }
    List<String> names = contract.queryNames(route);
    if (!names.isEmpty() && !chance.oneIn(6) || chance.oneIn(12)) {
      path.append('?').append(query(names));
    }
    return path.toString();
  }

  private String part(String part) {
    if (part.startsWith(":")) {
      List<String> known = ids.getOrDefault(part.substring(1), List.of("x"));
      return chance.oneIn(3) ? encoded(chance.text()) : chance.of(known);
    }
    if (part.equals("*")) {
      return chance.oneIn(2) ? "index.html" : encoded(chance.text());
    }
    return chance.oneIn(80) ? encoded(chance.text()) : part;
  }

  private String query(List<String> names) {
    List<String> pairs = new ArrayList<>();
    for (String name : names) {
      if (!chance.oneIn(4)) {
        List<String> known = ids.getOrDefault(name, List.of("1", "CNY", "2026-11-22"));
        pairs.add(name + "=" + (chance.oneIn(2) ? chance.of(known) : encoded(chance.text())));
      }
    }
    if (chance.oneIn(5)) {
      pairs.add(encoded(chance.text()) + "=" + encoded(chance.text()));
    }
    if (chance.oneIn(15) && !pairs.isEmpty()) {
      pairs.add(pairs.get(0));
    }
    return String.join("&", pairs);
  }

  /** Mostly as an address has it; sometimes with escapes that are none. */
  private String encoded(String text) {
    if (chance.oneIn(15)) {
      return chance.of(
          List.of("%", "%zz", "%u0041", "%c0%af", "%00", "%2e%2e%2f", "%ff", ";a=b", "//", "."));
    }
    String shown = text.length() <= 500 ? text : text.substring(0, 500);
    return URLEncoder.encode(shown.replaceAll("[\\ud800-\\udfff]", "?"), UTF_8).replace("+", "%20");
  }

  private byte[] body(Route route) {
    List<Object> examples = contract.bodies(route);
    if (examples.isEmpty()) {
      return chance.oneIn(15) ? chance.bytes(chance.below(200)) : new byte[0];
    }
    if (chance.oneIn(40)) {
      return chance.oneIn(2) ? new byte[0] : chance.bytes(chance.below(2_000));
    }
    if (chance.oneIn(60)) {
      return "x".repeat(chance.below(400_000)).getBytes(UTF_8);
    }
    Object example = chance.of(examples);
    if (contract.mediaType(route).equals("application/x-ndjson")) {
      return lines(example);
    }
    return chance.oneIn(8) ? JsonMutant.plain(example) : mutant.of(example);
  }

  private byte[] lines(Object example) {
    StringBuilder lines = new StringBuilder();
    for (int i = chance.below(6); i >= 0; i--) {
      byte[] line = chance.oneIn(3) ? JsonMutant.plain(example) : mutant.of(example);
      lines.append(new String(line, ISO_8859_1)).append(chance.oneIn(20) ? "\r\n\n" : "\n");
    }
    return lines.toString().getBytes(ISO_8859_1);
  }

  private byte[] chunks(byte[] body) {
    StringBuilder chunks = new StringBuilder();
    for (int from = 0; from < body.length; ) {
      int length = Math.min(body.length - from, 1 + chance.below(4_000));
      chunks.append(Integer.toHexString(length)).append("\r\n");
      chunks.append(new String(body, from, length, ISO_8859_1)).append("\r\n");
      from += length;
    }
    return chunks.append("0\r\n\r\n").toString().getBytes(ISO_8859_1);
  }
}
