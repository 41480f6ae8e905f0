package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class MainJobIT {

  @Test
  void a_sale_is_accepted_posted_and_told_in_its_history(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 3);

    Api.Answer answer = api.sell(Documents.saleJson(1, 1));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("outcome").asText()).isEqualTo("ACCEPTED");
    assertThat(answer.json().path("status").asText()).isEqualTo("UNPOSTED");
    world.settle();
    String creditId = answer.json().path("creditId").asText();
    JsonNode credit = api.get("/v1/credits/" + creditId, Role.AUDITOR).json();
    assertThat(credit.path("status").asText()).isEqualTo("POSTED");
    assertThat(credit.path("history").findValuesAsText("fact"))
        .containsExactly("RECORDED", "SENT", "POSTED");
    assertThat(credit.path("history").get(1).path("endToEndId").asText())
        .isEqualTo(creditId + "-1");
    assertThat(credit.path("account").path("last4").asText())
        .isEqualTo(Documents.cardOf(1).substring(15));
  }

  @Test
  void a_bulk_of_thousands_is_answered_line_by_line_and_posted(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 50);
    List<String> sales = new ArrayList<>();
    for (int n = 0; n < 20_000; n++) {
      sales.add(Documents.saleJson(1 + n % 50, n));
    }

    List<JsonNode> answers = api.sellBulk(sales);

    assertThat(answers).hasSize(20_000);
    for (int n = 0; n < answers.size(); n++) {
      assertThat(answers.get(n).path("line").asInt()).isEqualTo(n + 1);
      assertThat(answers.get(n).path("outcome").asText()).isEqualTo("ACCEPTED");
    }
    world.settle();
    InvariantReport report = world.verify();
    assertThat(report.posted().credits()).isEqualTo(20_000);
    assertThat(report.notChecked()).isEmpty();
  }
}
