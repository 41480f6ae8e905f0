package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * People, terminals and a bank who put marked account numbers wherever a number can go: where it
 * belongs, and where it does not. Keeps every answer as evidence. Long because it is the list of
 * these places.
 */
public final class MarkedPeople {

  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

  private final int port;
  private final Map<String, String> tokens;
  private final String bankSecret;
  private final Cards cards;
  private final Evidence evidence;
  private int stan = 1;

  /**
   * @param tokens by role
   * @param bankSecret what notifications are signed with
   */
  public MarkedPeople(
      int port, Map<String, String> tokens, String bankSecret, Cards cards, Evidence evidence) {
    this.port = port;
    this.tokens = tokens;
    this.bankSecret = bankSecret;
    this.cards = cards;
    this.evidence = evidence;
  }

  /** An answer, of which the whole is evidence already. */
  public record Answer(int status, String text) {

    String field(String name) {
      Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(text);
      if (!found.find()) {
        throw new AssertionError("no " + name + " in an answer of " + status);
      }
      return found.group(1);
    }
  }

  /** The same people; their answers from now on are kept elsewhere. */
  public MarkedPeople into(Evidence other) {
    return new MarkedPeople(port, tokens, bankSecret, cards, other);
  }

  /** Onboards merchants L1 to L6, alone and in bulk, as it should be done. */
  public void onboard() throws IOException {
    must(201, merchant("L1", cards.any("onboarding")));
    must(200, merchant("L1", cards.marks().get(0).number()));
    must(409, merchant("L1", cards.any("onboarding with another number")));
    must(201, merchant("L2", cards.endingIn("onboarding of a closed account", 4)));
    must(201, merchant("L3", cards.endingIn("onboarding of a changed account", 15)));
    must(201, merchant("L4", cards.sixteen("onboarding with sixteen digits")));
    must(201, merchant("L5", cards.known("onboarding with an IBAN", "DE89370400440532013000")));
    String bulk =
        merchantJson("L6", cards.any("bulk onboarding"), "Shop", "Holder")
            + "\n{\"merchantId\":\"L7\",\"account\":{\"number\":\""
            + cards.any("bulk onboarding, malformed")
            + "\"\n"
            + merchantJson("L7", "x" + cards.any("bulk onboarding, wrong format"), "Shop", "Holder")
            + "\n"
            + merchantJson("L7", cards.any("bulk onboarding"), "Shop", cards.any("bulk: holder"))
            + "\n";
    must(200, send("operator", "POST", "/v1/merchants/bulk", NDJSON, bulk));
  }

  /** Changes of cards: one that takes effect, one rejected, and ones with mistakes. */
  public void changeCards() throws IOException, InterruptedException {
    String good = change("L1", cards.any("card change"), "Holder", "ref-1");
    for (int i = 0; state(good).equals("SUBMITTED") || state(good).equals("VERIFYING"); i++) {
      if (i > 200) {
        throw new AssertionError("the change is not verified: " + state(good));
      }
      Thread.sleep(50);
    }
    must(200, send("checker", "POST", "/v1/card-changes/" + good + "/approve", JSON, "{}"));
    String bad = change("L4", cards.any("card change that is rejected"), "Holder", "ref-2");
    reason("checker", "/v1/card-changes/" + bad + "/reject", "the reason of a rejection");
    String number = cards.any("card change in another holder's name");
    apply("L6", number, cards.any("holder of a card change"), cards.any("document of a change"));
    apply("L6", number.substring(0, 18), "Holder", number);
    apply("L6", cards.any("card change with letters") + "A", "Holder", "ref");
    apply("L6", cards.any("card change") + cards.any("twice as long"), "Holder", "ref");
    apply(cards.any("merchant of a card change"), cards.any("card change"), "Holder", "ref");
  }

  /** A bank's word that an account was replaced, good, unsigned, and with a mistake. */
  public void notifyChanges() throws IOException, GeneralSecurityException {
    String number = cards.any("notification of a changed account");
    notice(changed("C00000000000V-9", "\"" + number + "\"", "Holder"), true);
    notice(changed("C00000000000V-8", number, "Holder"), true);
    notice(changed("C00000000000V-7", "\"" + number + "\"", cards.any("holder, by a bank")), true);
    notice(
        changed("C00000000000V-6", "\"" + cards.any("notice without a signature") + "\"", "H"),
        false);
    notice("{\"" + cards.any("unknown field of a notice") + "\":1}", true);
    notice("{\"type\":" + cards.any("malformed notice"), true);
  }

  /** Sales, with numbers where ids and amounts belong; one of them is held. */
  public void sell() throws IOException {
    for (String merchant : List.of("L1", "L2", "L3", "L4", "L5", "L6")) {
      must(201, sale(Map.of("merchantId", merchant, "terminalId", "T" + merchant)));
    }
    must(201, sale(Map.of("merchantId", "L1", "terminalId", "ELSE")));
    for (String field :
        List.of(
            "acquirerId",
            "merchantId",
            "terminalId",
            "batchNo",
            "stan",
            "rrn",
            "localDate",
            "type",
            "currency",
            "capturedAt")) {
      must(422, sale(Map.of(field, cards.any(field + " of a sale"))));
    }
    String whole = saleJson(Map.of());
    String amount = cards.any("amount of a sale");
    sell(whole.replaceAll("\"amountMinor\":[0-9]+", "\"amountMinor\":" + amount));
    sell("{\"" + cards.any("name of a field of a sale") + "\":1," + whole.substring(1));
    sell("{\"cardNumber\":\"" + cards.any("unknown field of a sale") + "\"," + whole.substring(1));
    sell("{\"stan\":\"000001\",\"stan\":\"" + cards.any("second of a doubled field") + "\"}");
    sell(whole + cards.any("behind a sale"));
    sell(cards.any("a sale that is a number alone"));
    sell("{\"rrn\":" + cards.any("malformed sale"));
    sell("{\"rrn\":[[[[[[[[\"" + cards.any("deep in a sale") + "\"]]]]]]]]}");
    send(
        "terminal",
        "POST",
        "/v1/transactions",
        JSON,
        ("{\"rrn\":\"" + cards.any("a sale in UTF-16") + "\"}").getBytes(UTF_16));
    send(
        "terminal",
        "POST",
        "/v1/transactions/bulk",
        NDJSON,
        saleJson(Map.of("rrn", cards.any("a line of a bulk")))
            + "\n{\""
            + cards.any("broken line")
            + "\n"
            + cards.any("a line that is a number"));
  }

  /** Whatever people write in words. */
  public void write() throws IOException {
    String credit = sale(Map.of("merchantId", "L1", "terminalId", "ELSE")).field("creditId");
    String account = get("operator", "/v1/merchants/L1").field("accountId");
    reason("operator", "/v1/credits/" + credit + "/release", "the reason of a release");
    put("/v1/merchants/L1/hold", "{\"onHold\":true,\"reason\":", "the reason of a hold");
    put(
        "/v1/accounts/" + account + "/status",
        "{\"status\":\"FROZEN\",\"reason\":",
        "the reason of a freeze");
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/rails/sandbox/orders",
            JSON,
            "{\"order\":\"HOLD\",\"reason\":\""
                + cards.any("the reason of a rail's order")
                + "\"}"));
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/exceptions/orders",
            JSON,
            "{\"orderId\":\""
                + UUID.randomUUID()
                + "\",\"action\":\"HOLD\",\"creditIds\":[\""
                + credit
                + "\"],\"reason\":\""
                + cards.any("the reason of an order")
                + "\",\"expected\":{\"count\":1,\"amountMinor\":{\"CNY\":1}}}"));
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/exceptions/preview",
            JSON,
            "{\"action\":\"HOLD\",\"filter\":{\"assignee\":\""
                + cards.any("assignee of a filter")
                + "\"}}"));
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/rails/sandbox/transfers/" + credit + "-1/resolutions",
            JSON,
            "{\"says\":\"CREDITED\",\"evidence\":\"" + cards.any("evidence") + "\"}"));
    String open = get("auditor", "/v1/breaks").text();
    Matcher id = Pattern.compile("\"breakId\":\"([^\"]*)\"").matcher(open);
    if (!id.find()) {
      throw new AssertionError("no break is open");
    }
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/breaks/" + id.group(1) + "/close",
            JSON,
            "{\"note\":\"" + cards.any("note at a break") + "\"}"));
    must(422, merchantNamed(cards.any("name of a merchant"), "Holder"));
    must(422, merchantNamed("Shop", spaced(cards.any("holder of an account"))));
    must(
        422,
        send(
            "operator",
            "POST",
            "/v1/merchants/L1/terminals",
            JSON,
            "{\"terminalId\":\"" + cards.any("id of a terminal") + "\"}"));
  }

  /** Where people want to be told, with numbers in it; one of them is told for good. */
  public void hook() throws IOException {
    String good = hook("\"merchantId\":\"L1\"", "http://127.0.0.1:9/hook", 201).field("webhookId");
    hook("\"merchantId\":\"L1\"", "https://shop.example/" + cards.any("path of a webhook"), 422);
    hook("\"merchantId\":\"L1\"", "https://s.example/?c=" + spelled("query of a webhook"), 422);
    hook("\"merchantId\":\"L1\"", cards.any("a webhook's address"), 422);
    hook("\"merchantId\":\"" + cards.any("owner of a webhook") + "\"", "https://s.example/", 422);
    hook("\"acquirerId\":\"" + cards.any("owner of a webhook") + "\"", "https://s.example/", 422);
    String of = "/v1/webhooks/" + good;
    for (String what : List.of("/pause", "/resume", "/rotate-secret", "/test")) {
      must(
          422,
          send("maker", "POST", of + what, JSON, "{\"" + cards.any("field of " + what) + "\":1}"));
    }
    must(
        422,
        send(
            "maker",
            "POST",
            of + "/redeliver",
            JSON,
            "{\"after\":\"" + cards.any("after") + "\"}"));
    for (String what : List.of("/test", "/rotate-secret", "/pause", "/resume")) {
      send("maker", "POST", of + what, JSON, "");
    }
  }

  private Answer hook(String owner, String url, int status) throws IOException {
    String json = "{" + owner + ",\"url\":\"" + url + "\"}";
    Answer answer = send("maker", "POST", "/v1/webhooks", JSON, json);
    must(status, answer);
    return answer;
  }

  /** With a digit as addresses spell what they may not hold. */
  private String spelled(String where) {
    String number = cards.any(where);
    return number.substring(0, 4) + "%3" + number.charAt(4) + number.substring(5);
  }

  /** Addresses, headers, tokens, and what is no HTTP. */
  public void address() throws IOException {
    for (String path :
        List.of(
            "/v1/merchants/%s",
            "/v1/merchants/%s/unposted",
            "/v1/merchants/%s/bindings",
            "/v1/merchants/%s/credits",
            "/v1/credits/%s",
            "/v1/card-changes/%s",
            "/v1/exceptions/orders/%s",
            "/v1/%s",
            "/%s",
            "/console/%s",
            "/docs/%s",
            "/v1/rails/%s",
            "/v1/transactions?merchantId=%s",
            "/v1/transactions?%s=1",
            "/v1/exceptions?cursor=%s",
            "/v1/exceptions?assignee=%s",
            "/v1/card-changes?state=%s",
            "/v1/breaks?rail=%s",
            "/v1/rail-orders?rail=%s",
            "/v1/resolutions?rail=%s",
            "/v1/exceptions?rail=%s",
            "/v1/exceptions?merchantId=%s",
            "/v1/exceptions?reason=%s",
            "/v1/merchants/L1/bindings?asOf=%s",
            "/v1/merchants/L1/credits?before=%s",
            "/v1/events?topics=%s",
            "/v1/resolutions?state=%s",
            "/v1/rail-orders?before=%s",
            "/v1/webhooks/%s",
            "/v1/webhooks/%s/events",
            "/v1/webhooks?merchantId=%s",
            "/v1/webhooks?acquirerId=%s",
            "/v1/webhooks?state=%s",
            "/v1/webhooks?before=%s",
            "/v1/audit?object=%s",
            "/v1/audit?actor=%s",
            "/v1/audit?action=%s",
            "/v1/audit?since=%s",
            "/v1/audit?before=%s")) {
      get("auditor", String.format(path, cards.any("path " + path)));
    }
    send(
        "operator",
        "PUT",
        "/v1/accounts/" + cards.any("account in a path") + "/status",
        JSON,
        "{}");
    for (String name :
        List.of(
            "User-Agent",
            "Cookie",
            "X-Request-Id",
            "Content-Type",
            "Expect",
            "Accept",
            "Forwarded",
            "traceparent",
            "Last-Event-ID",
            "webhook-id")) {
      Map<String, String> headers = headers("operator", JSON);
      headers.put(name, cards.any("header " + name));
      ask(Wire.request("POST", "/v1/merchants", headers, "{}".getBytes(UTF_8)));
    }
    Map<String, String> forged = headers("operator", JSON);
    forged.put("Authorization", "Bearer " + cards.any("a token"));
    ask(Wire.request("GET", "/v1/unposted", forged, new byte[0]));
    forged.put(
        "Authorization",
        "Bearer e30."
            + Base64.getUrlEncoder()
                .encodeToString(
                    ("{\"sub\":\"" + cards.any("subject of a token") + "\"}").getBytes(UTF_8))
            + ".e30");
    ask(Wire.request("GET", "/v1/unposted", forged, new byte[0]));
    ask((cards.any("a method") + " /v1/unposted HTTP/1.1\r\n\r\n").getBytes(UTF_8));
    ask(("GET /v1/unposted HTTP/" + cards.any("a version") + "\r\n\r\n").getBytes(UTF_8));
    ask(
        ("GET / HTTP/1.1\r\nContent-Length: " + cards.any("a length") + "\r\n\r\n")
            .getBytes(UTF_8));
    ask((cards.any("no HTTP") + "\r\n\r\n").getBytes(UTF_8));
  }

  /** Reads whatever there is to read, as people and the console do. */
  public void read() throws IOException {
    for (String path :
        List.of(
            "/v1/unposted",
            "/v1/exceptions",
            "/v1/exceptions/orders",
            "/v1/breaks",
            "/v1/resolutions",
            "/v1/rails",
            "/v1/rail-orders",
            "/v1/card-changes?state=EFFECTIVE",
            "/v1/card-changes?state=REJECTED",
            "/v1/webhooks",
            "/openapi.yaml",
            "/docs",
            "/console/")) {
      must(200, get("auditor", path));
    }
    String hook = get("auditor", "/v1/webhooks?merchantId=L1").field("webhookId");
    for (String of : List.of("", "/events")) {
      must(200, get("auditor", "/v1/webhooks/" + hook + of));
    }
    audit();
    for (int i = 1; i <= 6; i++) {
      for (String of : List.of("", "/unposted", "/bindings", "/credits")) {
        must(200, get("auditor", "/v1/merchants/L" + i + of));
      }
      String credits = get("auditor", "/v1/merchants/L" + i + "/credits").text();
      Matcher id = Pattern.compile("\"creditId\":\"([^\"]*)\"").matcher(credits);
      while (id.find()) {
        must(200, get("auditor", "/v1/credits/" + id.group(1)));
      }
    }
  }

  /** Every page of it: what people did wrong is there. */
  private void audit() throws IOException {
    Pattern next = Pattern.compile("\"nextBefore\":([0-9]+)");
    Matcher more = null;
    do {
      Answer page =
          get("auditor", more == null ? "/v1/audit" : "/v1/audit?before=" + more.group(1));
      must(200, page);
      more = next.matcher(page.text());
    } while (more.find());
  }

  private Answer merchant(String id, String number) throws IOException {
    return send(
        "operator", "POST", "/v1/merchants", JSON, merchantJson(id, number, "Shop", "Holder"));
  }

  private Answer merchantNamed(String name, String holder) throws IOException {
    String number = cards.any("account of a merchant with a wrong name");
    return send(
        "operator", "POST", "/v1/merchants", JSON, merchantJson("L8", number, name, holder));
  }

  private static String merchantJson(String id, String number, String name, String holder) {
    return "{\"merchantId\":\""
        + id
        + "\",\"name\":\""
        + name
        + "\",\"mcc\":\"5411\",\"terminals\":[\"T"
        + id
        + "\"],\"account\":{\"number\":\""
        + number
        + "\",\"bank\":\"102\",\"holder\":\""
        + holder
        + "\",\"type\":\"PERSONAL\"}}";
  }

  private String change(String merchant, String number, String holder, String ref)
      throws IOException {
    Answer taken = apply(merchant, number, holder, ref);
    must(201, taken);
    return taken.field("cardChangeId");
  }

  private Answer apply(String merchant, String number, String holder, String ref)
      throws IOException {
    return send(
        "maker",
        "POST",
        "/v1/merchants/" + merchant + "/card-changes",
        JSON,
        "{\"account\":{\"number\":\""
            + number
            + "\",\"bank\":\"102\",\"holder\":\""
            + holder
            + "\",\"type\":\"PERSONAL\"},\"effectiveFrom\":null,\"reason\":\"OTHER\",\"documents\":["
            + "{\"kind\":\"IDENTITY\",\"ref\":\""
            + ref
            + "\"},{\"kind\":\"BANK_ACCOUNT_PROOF\",\"ref\":\""
            + ref
            + "\"}]}");
  }

  private String state(String change) throws IOException {
    return get("maker", "/v1/card-changes/" + change).field("state");
  }

  private void reason(String role, String path, String where) throws IOException {
    must(422, send(role, "POST", path, JSON, "{\"reason\":\"" + spaced(cards.any(where)) + "\"}"));
  }

  private void put(String path, String upToReason, String where) throws IOException {
    must(422, send("operator", "PUT", path, JSON, upToReason + "\"" + cards.any(where) + "\"}"));
  }

  /** As it stands on a card. */
  private static String spaced(String number) {
    return number.replaceAll("([0-9]{4})(?=[0-9])", "$1 ");
  }

  private static String changed(String endToEndId, String number, String holder) {
    return "{\"type\":\"account-changed\",\"occurredAt\":\""
        + Instant.now()
        + "\",\"endToEndId\":\""
        + endToEndId
        + "\",\"account\":{\"number\":"
        + number
        + ",\"bank\":\"102\",\"holder\":\""
        + holder
        + "\"}}";
  }

  private void notice(String body, boolean signed) throws IOException, GeneralSecurityException {
    String id = "msg_" + UUID.randomUUID();
    String seconds = String.valueOf(Instant.now().getEpochSecond());
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(bankSecret.replace("whsec_", ""));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] signature = mac.doFinal((id + "." + seconds + "." + body).getBytes(UTF_8));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", JSON);
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", seconds);
    if (signed) {
      headers.put("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature));
    }
    ask(Wire.request("POST", "/v1/rails/sandbox/notifications", headers, body.getBytes(UTF_8)));
  }

  private Answer sale(Map<String, String> other) throws IOException {
    return sell(saleJson(other));
  }

  private Answer sell(String json) throws IOException {
    return send("terminal", "POST", "/v1/transactions", JSON, json);
  }

  private String saleJson(Map<String, String> other) {
    Map<String, String> sale = new LinkedHashMap<>();
    sale.put("acquirerId", "48201000");
    sale.put("merchantId", "L1");
    sale.put("terminalId", "TL1");
    sale.put("batchNo", "000900");
    sale.put("stan", String.format("%06d", stan++));
    sale.put("rrn", "632512000123");
    sale.put("localDate", LocalDate.now(ZoneOffset.UTC).toString());
    sale.put("type", "SALE");
    sale.put("currency", "CNY");
    sale.put("capturedAt", Instant.now().toString());
    sale.putAll(other);
    StringBuilder json = new StringBuilder("{");
    sale.forEach((name, value) -> json.append("\"" + name + "\":\"" + value + "\","));
    return json + "\"amountMinor\":1}";
  }

  private Answer get(String role, String path) throws IOException {
    return ask(Wire.request("GET", path, headers(role, JSON), new byte[0]));
  }

  private Answer send(String role, String method, String path, String type, String body)
      throws IOException {
    return send(role, method, path, type, body.getBytes(UTF_8));
  }

  private Answer send(String role, String method, String path, String type, byte[] body)
      throws IOException {
    return ask(Wire.request(method, path, headers(role, type), body));
  }

  private Map<String, String> headers(String role, String type) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", "Bearer " + tokens.get(role));
    headers.put("Content-Type", type);
    return headers;
  }

  private Answer ask(byte[] request) throws IOException {
    byte[] answer = Wire.ask(port, request);
    evidence.add("answer to " + firstWords(request), answer);
    if (Wire.status(answer) >= 500) {
      throw new AssertionError(new String(answer, UTF_8));
    }
    return new Answer(Wire.status(answer), new String(answer, UTF_8));
  }

  /** Method and path as far as they have no digits, for a place shows no number. */
  private static String firstWords(byte[] request) {
    String line = new String(request, 0, Math.min(request.length, 120), ISO_8859_1);
    return line.lines()
        .findFirst()
        .orElse("")
        .replaceAll("[0-9]{5,}", "…")
        .replace(" HTTP/1.1", "");
  }

  private static void must(int status, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError("expected " + status + ": " + answer.text());
    }
  }
}
