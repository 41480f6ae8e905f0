import { call, path } from "./api.js";
import { choice, el, field, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { time } from "./money.js";
import { loading } from "./parts.js";
import { t, word } from "./texts.js";

const EVERY_MS = 3000;
const STATES = ["VERIFIED", "SUBMITTED", "VERIFYING", "APPROVED", "SCHEDULED", "EFFECTIVE", "SUPERSEDED", "REJECTED", "FAILED_VERIFICATION", "WITHDRAWN", "EXPIRED"];

/** What waits for a checker, or is in another state. */
export function changesPage(main, { signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, loading());
  let before = null;
  const turn = (to) => { before = to; asked.now(); };
  const state = choice(STATES.map((one) => [one, word("state", one)]), "VERIFIED", () => turn(null));
  replace(main, el("h1", {}, t("nav.changes")), el("form", { onsubmit: (event) => event.preventDefault() }, field("state", t("state"), state)), said, body);
  const asked = live(EVERY_MS, signal, () => call(path`/v1/card-changes?state=${state.value}` + (before ? path`&before=${before}` : "")),
    (answer) => { replace(said); replace(body, ...queue(answer, before, turn)); },
    (refusal) => refused(refusal, (text) => replace(said, message(text, true))));
  on("card-change", signal, () => asked.soon());
}

function queue({ cardChanges, nextBefore }, before, turn) {
  const rows = cardChanges.map((one) => [
    el("a", { href: `#/changes/${encodeURIComponent(one.cardChangeId)}`, id: `open-${one.cardChangeId}` }, one.cardChangeId),
    el("a", { href: `#/merchant/${encodeURIComponent(one.merchantId)}`, id: `merchant-of-${one.cardChangeId}` }, one.merchantId),
    `•••• ${one.account.last4} (${one.account.bank})`, word("why", one.reason),
    word("match", one.verification.nameMatch) ?? t("changes.notYet"), one.verification.testCredit ? word("test", one.verification.testCredit.status) : "–",
    one.maker, time(one.submittedAt)]);
  return [
    rows.length === 0 ? el("p", { class: "empty", id: "empty" }, t("changes.empty")) : el("section", { id: "queue" }, table(t("changes.queue"),
      [[t("change")], [t("nav.merchant")], [t("changes.new")], [t("reason")], [t("changes.match")], [t("changes.testCredit")], [t("maker")], [t("submitted"), "time"]], rows)),
    el("p", { class: "pager" },
      before && el("button", { id: "newest", onclick: () => turn(null) }, t("page.first")),
      nextBefore && el("button", { id: "older", onclick: () => turn(nextBefore) }, t("page.next"))),
  ];
}
