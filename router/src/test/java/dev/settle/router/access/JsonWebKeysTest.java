package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.testing.Issuer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class JsonWebKeysTest {

  private static final JsonObject RSA = Issuer.rsa("a", 2_048).publicKey();
  private static final JsonObject EC = Issuer.ec("b").publicKey();

  private static String set(JsonObject... keys) {
    JsonArray all = new JsonArray();
    for (JsonObject key : keys) {
      all.add(key);
    }
    return new JsonObject().put("keys", all).encode();
  }

  private static void refused(String document, String why) {
    assertThatThrownBy(() -> JsonWebKeys.read(document))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void each_key_is_bound_to_the_algorithm_of_its_kind() {
    assertThat(JsonWebKeys.read(set(RSA, EC)))
        .extracting(key -> key.getString("kid") + " " + key.getString("alg"))
        .containsExactly("a RS256", "b ES256");
  }

  @Test
  void keys_of_no_use_here_are_left_out() {
    assertThat(
            JsonWebKeys.read(
                set(
                    RSA,
                    EC.copy().put("use", "enc"),
                    EC.copy().put("crv", "P-384"),
                    EC.copy().put("alg", "HS256"),
                    RSA.copy().put("kid", "c").put("alg", "PS256"),
                    Issuer.rsa("weak", 1_024).publicKey(),
                    new JsonObject().put("kty", "oct").put("kid", "d"))))
        .hasSize(1);
    JsonObject unnamed = RSA.copy();
    unnamed.remove("kid");
    refused(set(unnamed), "no key of use");
  }

  @Test
  void what_must_not_be_there_is_refused_as_a_whole() {
    refused(set(RSA, EC.copy().put("d", "AAAA")), "private");
    refused(set(RSA, new JsonObject().put("kty", "oct").put("k", "AAAA")), "private");
    refused(set(RSA, RSA), "same id");
    JsonObject[] many = new JsonObject[33];
    for (int i = 0; i < many.length; i++) {
      many[i] = RSA.copy().put("kid", "k" + i);
    }
    refused(set(many), "more than 32");
    for (String odd :
        new String[] {"", "[]", "{}", "{\"keys\":{}}", "nonsense", "{\"keys\":[1]}"}) {
      assertThatThrownBy(() -> JsonWebKeys.read(odd)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
