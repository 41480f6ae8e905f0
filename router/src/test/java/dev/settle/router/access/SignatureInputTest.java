package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureInputTest {

  private static final String COMPONENTS =
      "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\")";
  private static final String GOOD =
      COMPONENTS + ";created=1764324000;keyid=\"key-1\";nonce=\"12345678\"";

  @Test
  void parameters_may_stand_in_any_order_and_are_signed_as_they_stand() {
    SignatureInput input = SignatureInput.parse(GOOD);
    assertThat(input)
        .isEqualTo(new SignatureInput(1_764_324_000, "key-1", "12345678", GOOD.substring(5)));
    String other =
        COMPONENTS + ";alg=\"hmac-sha256\";nonce=\"12345678\";keyid=\"key-1\";created=1764324000";
    assertThat(SignatureInput.parse(other))
        .isEqualTo(new SignatureInput(1_764_324_000, "key-1", "12345678", other.substring(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sig1=",
        "sig2=(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1;keyid=\"a\";nonce=\"12345678\"",
        "sig1=(\"@path\" \"@method\" \"@query\" \"content-digest\");created=1;keyid=\"a\";nonce=\"12345678\"",
        "sig1=(\"@method\" \"@path\" \"@query\");created=1;keyid=\"a\";nonce=\"12345678\"",
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"date\");created=1;keyid=\"a\";nonce=\"12345678\"",
        "sig1=(\"@method\"  \"@path\" \"@query\" \"content-digest\");created=1;keyid=\"a\";nonce=\"12345678\"",
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1;keyid=\"a\"",
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1;nonce=\"12345678\"",
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\");keyid=\"a\";nonce=\"12345678\"",
      })
  void other_labels_components_and_missing_parameters_are_refused(String header) {
    assertThat(SignatureInput.parse(header)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";created=1",
        ";keyid=\"b\"",
        ";nonce=\"87654321\"",
        ";expires=1764324060",
        ";tag=\"x\"",
        ";alg=\"rsa-v1_5-sha256\"",
        ";alg=\"hmac-sha256\";alg=\"hmac-sha256\"",
        ";",
        " ",
        ", sig2=()",
        "x"
      })
  void what_follows_and_is_not_known_is_refused(String more) {
    assertThat(SignatureInput.parse(GOOD + more)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "created=-1",
        "created=01764324000",
        "created=",
        "created=1764324000.5",
        "created=9999999999999",
        "created=\"1764324000\"",
        "created=?1",
        "created= 1764324000"
      })
  void odd_times_are_refused(String created) {
    assertThat(SignatureInput.parse(GOOD.replace("created=1764324000", created))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1234567", "1234 5678", "1234\\\"567", "12345678é"})
  void odd_nonces_are_refused(String nonce) {
    assertThat(SignatureInput.parse(GOOD.replace("12345678", nonce))).isNull();
  }

  @Test
  void texts_are_bounded() {
    assertThat(SignatureInput.parse(GOOD.replace("12345678", "n".repeat(64)))).isNotNull();
    assertThat(SignatureInput.parse(GOOD.replace("12345678", "n".repeat(65)))).isNull();
    assertThat(SignatureInput.parse(GOOD.replace("key-1", "k".repeat(65)))).isNull();
  }

  @Test
  void no_part_of_it_is_enough() {
    for (int end = 0; end < GOOD.length(); end++) {
      assertThat(SignatureInput.parse(GOOD.substring(0, end))).isNull();
    }
  }
}
