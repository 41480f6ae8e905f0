package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final long SECONDS = NOW.getEpochSecond();
  private static final TokenRules RULES =
      new TokenRules("https://login", "router", "realm/roles", Duration.ofHours(8));

  private static JsonObject claims() {
    return new JsonObject()
        .put("iss", "https://login")
        .put("aud", "router")
        .put("sub", "Alice")
        .put("realm", new JsonObject().put("roles", new JsonArray(List.of("maker", "other"))))
        .put("iat", SECONDS - 10)
        .put("exp", SECONDS + 3_600);
  }

  private static JsonObject terminal() {
    return claims()
        .put("realm", new JsonObject().put("roles", "terminal"))
        .put("acquirer", "48201000");
  }

  private static void refused(JsonObject claims, String code) {
    assertThatThrownBy(() -> RULES.judge(claims, NOW))
        .as(claims.encode())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem().code()).isEqualTo(code));
  }

  @Test
  void good_claims_say_who_it_is() {
    Principal alice = RULES.judge(claims(), NOW);
    assertThat(alice.subject()).isEqualTo("alice");
    assertThat(alice.role()).isEqualTo(Role.MAKER);
    assertThat(alice.scope()).isEqualTo(Scope.ALL);
    assertThat(alice.expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
    assertThat(RULES.judge(claims().put("aud", new JsonArray().add("x").add("router")), NOW))
        .isEqualTo(alice);
  }

  @Test
  void another_issuer_or_audience_is_not_for_us() {
    refused(claims().put("iss", "https://login/"), "token-not-for-us");
    refused(claims().putNull("iss"), "token-not-for-us");
    refused(claims().put("aud", "Router"), "token-not-for-us");
    refused(claims().put("aud", new JsonArray()), "token-not-for-us");
    refused(claims().put("aud", new JsonObject().put("router", 1)), "token-not-for-us");
  }

  @Test
  void the_time_has_to_be_right_to_the_second() {
    assertThat(RULES.judge(claims().put("exp", SECONDS + 1), NOW)).isNotNull();
    refused(claims().put("exp", SECONDS), "token-expired");
    refused(claims().put("exp", 0), "token-expired");
    assertThat(RULES.judge(claims().put("nbf", SECONDS + 30), NOW)).isNotNull();
    refused(claims().put("nbf", SECONDS + 31), "token-not-yet-valid");
    refused(claims().put("iat", SECONDS + 31), "token-not-yet-valid");
  }

  @Test
  void no_token_is_valid_for_longer_than_allowed() {
    long issued = SECONDS - 10;
    assertThat(RULES.judge(claims().put("exp", issued + 8 * 3_600), NOW)).isNotNull();
    refused(claims().put("exp", issued + 8 * 3_600 + 1), "token-too-long");
    refused(claims().put("iat", 0), "token-too-long");
    JsonObject unissued = claims().put("exp", SECONDS + 8 * 3_600 + 1);
    unissued.remove("iat");
    refused(unissued, "token-too-long");
  }

  @Test
  void claims_of_another_kind_are_refused_and_throw_nothing_else() {
    for (String claim : List.of("sub", "exp", "realm")) {
      for (Object odd :
          new Object[] {7.5e300, -1, true, "", "x", new JsonArray(), new JsonObject()}) {
        if (!(claim.equals("sub") && odd.equals("x"))) {
          refused(claims().put(claim, odd), "token-claims");
        }
      }
      JsonObject without = claims();
      without.remove(claim);
      refused(without, "token-claims");
    }
    refused(claims().put("nbf", "soon"), "token-claims");
    refused(claims().put("iat", new JsonObject()), "token-claims");
  }

  @Test
  void exactly_one_role_is_named() {
    for (JsonArray roles :
        List.of(
            new JsonArray(),
            new JsonArray(List.of("other")),
            new JsonArray(List.of("maker", "checker")),
            new JsonArray(List.of("MAKER")),
            new JsonArray(List.of(1, true)))) {
      refused(claims().put("realm", new JsonObject().put("roles", roles)), "token-claims");
    }
  }

  @Test
  void names_that_the_router_gives_are_nobodys() {
    for (String name : List.of("router", "Rail:sandbox", "KEY:1", "certificate:1", "ｒouter")) {
      refused(claims().put("sub", name), "token-claims");
    }
  }

  @Test
  void a_terminal_names_its_acquirer_and_may_be_kept_to_merchants() {
    assertThat(RULES.judge(terminal(), NOW).scope()).isEqualTo(Scope.ofAcquirer("48201000"));
    assertThat(RULES.judge(terminal().put("merchants", new JsonArray().add("M1")), NOW).scope())
        .isEqualTo(new Scope("48201000", Set.of("M1")));
    JsonObject without = terminal();
    without.remove("acquirer");
    refused(without, "token-claims");
    refused(terminal().put("acquirer", 48201000), "token-claims");
    refused(terminal().put("acquirer", ""), "token-claims");
    refused(terminal().put("acquirer", "4820100x"), "token-claims");
    refused(terminal().put("merchants", "M1"), "token-claims");
    refused(terminal().put("merchants", new JsonArray()), "token-claims");
    refused(terminal().put("merchants", new JsonArray().add(1)), "token-claims");
    refused(
        terminal().put("merchants", new JsonArray(Collections.nCopies(1_001, "M1"))),
        "token-claims");
  }

  @Test
  void nobody_else_is_an_acquirers() {
    refused(claims().put("acquirer", "48201000"), "token-claims");
    refused(claims().put("merchants", new JsonArray().add("M1")), "token-claims");
  }
}
