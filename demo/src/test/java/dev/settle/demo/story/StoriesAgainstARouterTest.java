package dev.settle.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.settle.demo.node.NodeClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories over real HTTP, against a router that knows nothing but their routes. */
class StoriesAgainstARouterTest {

  private static final Cast CAST = new Cast("maker", "checker", "operator");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeRouter router = new FakeRouter(true);
  private final Curtain curtain = new Curtain();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    router.close();
  }

  /** With the curtain falling, so that nobody pauses. */
  private Scripts scripts() {
    curtain.fall(PATIENCE);
    return new Scripts(
        new RouterCalls(new NodeClient(), List.of(router.port()), CAST, curtain), curtain);
  }

  private long applications() {
    return router.calls().stream().filter(call -> call.contains("/card-changes ")).count();
  }

  @ParameterizedTest
  @EnumSource(StoryKind.class)
  void everyStoryLeavesAnActiveCardAndNothingOpen(StoryKind kind) throws Exception {
    Scripts scripts = scripts();
    for (int merchant = 1; merchant <= 5; merchant++) {
      scripts.play(new StoryOrder(kind, merchant, merchant));

      assertThat(router.standing("M00000" + merchant)).matches("[1-9]... ACTIVE");
    }
    assertThat(applications()).isEqualTo(5L * kind.applications());
  }

  @Test
  void wrongApplicationsAreRefusedOrFailAtTheBankAndAreNotForced() throws Exception {
    scripts().play(new StoryOrder(StoryKind.WRONG_APPLICATIONS, 1, 1));

    assertThat(router.calls())
        .startsWith(
            "POST /v1/merchants/M000001/card-changes 422",
            "POST /v1/merchants/M000001/card-changes 422",
            "POST /v1/merchants/M000001/card-changes 201",
            "POST /v1/merchants/M000001/card-changes 201");
  }

  @ParameterizedTest
  @CsvSource({"CARD_CHANGE,1", "CARD_CHANGE,2", "REJECTED_CHANGE,2", "FREEZE_AND_THAW,1"})
  void anAnswerThatIsLostEndsNoStory(StoryKind kind, int lost) throws Exception {
    router.loseAnswers(lost);

    scripts().play(new StoryOrder(kind, 1, 1));

    assertThat(router.standing("M000001")).endsWith(" ACTIVE");
  }

  @Test
  void aMerchantLeftOnABlockedCardFrozenOrWithAnApplicationOpenIsMadeGood() throws Exception {
    Scripts scripts = scripts();
    RouterCalls calls = new RouterCalls(new NodeClient(), List.of(router.port()), CAST, curtain);
    scripts.play(new StoryOrder(StoryKind.CARD_CHANGE, 1, 1));
    router.freeze("M000001");

    scripts.restore(1);
    scripts.restore(2);

    assertThat(router.standing("M000001")).endsWith(" ACTIVE");
    assertThat(calls.merchant("M000002").getJsonObject("effective").getString("accountStatus"))
        .isEqualTo("ACTIVE");
  }

  private StoryDirector direct(FakeRouter at, List<String> told) throws Exception {
    return StoryDirector.start(
        new NodeClient(),
        new StoryDirector.Repertoire(
            List.of(at.port()), CAST, 20, 1, folder.resolve("stories.csv")),
        told::add);
  }

  @Test
  void theDirectorPlaysUntilTheCurtainFallsAndEndsWhatIsOpen() throws Exception {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    StoryDirector director = direct(router, told);
    await().atMost(PATIENCE).until(() -> !router.calls().isEmpty());

    director.awaitEnd();

    assertThat(told).isEmpty();
    assertThat(director.counts().failed()).isEmpty();
    assertThat(director.counts().byKind().values().stream().mapToLong(n -> n).sum()).isPositive();
    assertThat(StoryJournal.open(folder.resolve("stories.csv"), Clock.systemUTC()).leftOpen())
        .isEmpty();
  }

  @Test
  void whatAKilledRunLeftIsMadeGoodFirst() throws Exception {
    Files.writeString(
        folder.resolve("stories.csv"), Clock.systemUTC().instant() + ",BEGIN,3,FREEZE_AND_THAW\n");
    router.freeze("M000003");

    StoryDirector director = direct(router, new ArrayList<>());
    director.awaitEnd();

    assertThat(router.standing("M000003")).isEqualTo("1234 ACTIVE");
    assertThat(director.counts().failed()).isEmpty();
  }

  @Test
  void aRouterWithoutTheRouteIsAFailedStoryNotACrash() throws Exception {
    try (FakeRouter old = new FakeRouter(false)) {
      Curtain falling = new Curtain();
      falling.fall(PATIENCE);
      Scripts scripts =
          new Scripts(
              new RouterCalls(new NodeClient(), List.of(old.port()), CAST, falling), falling);

      assertThatThrownBy(() -> scripts.play(new StoryOrder(StoryKind.CARD_CHANGE, 1, 1)))
          .isInstanceOf(StoryFailure.class)
          .hasMessageContaining("/card-changes was answered 404");
    }
  }
}
