package dev.settle.router.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The worked example of docs/operating/access.md is right to the byte. */
class AccessPageTest {

  private static final Pattern BLOCK =
      Pattern.compile("```\\w+ id=(\\w+)\\n(.*?)\\n```", Pattern.DOTALL);

  private static Map<String, String> blocks() throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("../docs/operating/access.md")))
        .results()
        .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
  }

  @Test
  void the_example_is_signed_as_it_says() throws IOException {
    Map<String, String> blocks = blocks();
    byte[] body = blocks.get("body").getBytes(UTF_8);
    byte[] secret = Base64.getDecoder().decode(blocks.get("secret"));
    Map<String, String> headers =
        new TreeMap<>(
            new RequestSigner("key-0011223344556677", secret)
                .headers(
                    "POST",
                    "/v1/transactions",
                    body,
                    Instant.parse("2026-11-28T10:00:00Z").getEpochSecond(),
                    "4b7d0e2c9a51"));
    assertThat(
            headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .toList())
        .containsExactlyInAnyOrderElementsOf(blocks.get("headers").lines().toList());
    String input = headers.get("Signature-Input").substring("sig1=".length());
    assertThat(RequestSigner.base("POST", "/v1/transactions", headers.get("Content-Digest"), input))
        .isEqualTo(blocks.get("base"));
    assertThat(SignatureInput.parse(headers.get("Signature-Input"))).isNotNull();
  }
}
