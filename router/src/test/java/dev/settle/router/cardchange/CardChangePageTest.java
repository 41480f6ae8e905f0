package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.cardchange.LifeCycle.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page about card changes shows the life cycle that the code has. */
class CardChangePageTest {

  private static final Path PAGE = Path.of("../docs/concepts/card-change.md");

  @Test
  void the_page_is_drawn_from_the_code() throws IOException {
    if (Boolean.getBoolean("settle.regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE)
        .as("regenerate with -Dtest=CardChangePageTest -Dsettle.regenerate=true")
        .hasContent(page());
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Changing the settlement account

            A merchant applies for another account; the bank is asked about it; a second person decides. **The account in effect stays
            so until the new one is verified and approved, unless it is reported lost, stolen or closed: then its money is held from
            the report on, not sent.** A change may bind one terminal alone; every other terminal goes on with the merchant's default.

            Taking effect is one commit under the merchant's fence: the new account may receive, the old binding ends, the new one
            begins, the change before is superseded, and the route has a new version. A credit claimed before that commit goes to the old
            account, one claimed after it to the new. The approval is answered when no claim in flight can use the old account any
            more, with what had left for it before (`inFlight`). A time ahead (`effectiveFrom`) is kept by the database's clock: any
            node puts the change into force, one of them once. One that fails then is put off, ever longer up to a minute, and
            holds up no other; the node's log names it.

            A terminal's own account cannot be taken away again, so that it follows the merchant's default: there is no application
            without an account. Until there is one, apply for the merchant's account for that terminal too, each time it changes.

            What is checked before a person sees it, all findings at once: the number (check digit of a card, IBAN), the bank against
            the number, type, CNAPS code, the holder against the merchant's name and the present holder, documents, the time, the terminal.
            Then the bank is asked whether name and account fit, beside the accepting of sales; without an answer it is asked again
            after 1 s, 2 s, 4 s … up to 5 minutes. Where that is set, a full match of low risk is approved by rule: same holder and
            type, not lost, stolen or handed over, no other change in 30 days.

            An account that comes back is the same account again. One whose number is restricted, frozen or closed, under whichever
            holder and type, is released first by an operator; an approval never does that. One that was blocked before it was
            verified has no way to `ACTIVE` past the checker: the operator sets it `UNVERIFIED`, then it is applied for again.

            ## Life cycle

            The database lets a change move by this table alone (`card_change_move` and its trigger), whoever writes; each move
            is a row of the append-only `card_change_step`. This page is written from `LifeCycle` by `CardChangePageTest`.

            ```mermaid
            stateDiagram-v2
            """);
    for (Move move : LifeCycle.MOVES) {
      page.append(
          String.format(
              "    %s --> %s: %s%n",
              move.from() == null ? "[*]" : move.from(), move.to(), lower(move.mover())));
    }
    for (ChangeState state : ChangeState.values()) {
      if (LifeCycle.MOVES.stream().noneMatch(move -> move.from() == state)) {
        page.append(String.format("    %s --> [*]%n", state));
      }
    }
    page.append("```\n\n| state | open | what it means |\n|---|---|---|\n");
    for (ChangeState state : ChangeState.values()) {
      page.append(
          String.format(
              "| `%s` | %s | %s |%n", state, state.isOpen() ? "yes" : "", state.meaning()));
    }
    page.append("\n| from | to | who | what it needs |\n|---|---|---|---|\n");
    for (Move move : LifeCycle.MOVES) {
      page.append(
          String.format(
              "| %s | `%s` | %s | %s |%n",
              move.from() == null ? "" : "`" + move.from() + "`",
              move.to(),
              lower(move.mover()),
              move.needs()));
    }
    page.append(
        "\n| reason of an application | what it does to the account in effect, at once |\n|---|---|\n");
    for (ChangeReason reason : ChangeReason.values()) {
      page.append(
          String.format(
              "| `%s` | %s |%n",
              reason, reason.oldAccount() == null ? "" : "`" + reason.oldAccount() + "`"));
    }
    return page.toString();
  }

  private static String lower(Mover mover) {
    return mover.name().toLowerCase(Locale.ROOT);
  }
}
