import { call, owner, path } from "./api.js";
import { announce, el, list, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { count, time, total } from "./money.js";
import { accountPairs, loading, side } from "./parts.js";
import { changeState } from "./state.js";
import { joined, pair, t, word } from "./texts.js";

const EVERY_MS = 3000;
const UNDECIDED = ["SUBMITTED", "VERIFYING", "VERIFIED", "SCHEDULED"];

/** One change: old and new side by side, what the bank said, and the checker's decision. */
export function changePage(main, { id, signal, refused }) {
  const said = el("div", { id: "said", role: "status" });
  const body = el("div", { id: "body" }, loading());
  const decision = el("div", { id: "decision" });
  replace(main, el("h1", {}, `${t("change")} ${id}`), el("p", {}, el("a", { href: "#/changes", id: "back" }, t("changes.back"))), said, body, decision);
  let offered;
  const show = ({ change, old, unlisted }) => {
    replace(body, ...shown(change, old ? inForce(old) : unlisted ? [[t("account"), t("changes.oldUnlisted")]] : accountPairs(null)));
    if (offered !== change.state) replace(decision, offer(change, act));
    offered = change.state;
  };
  const asked = live(EVERY_MS, signal, () => ask(id), show, (refusal) => refused(refusal, (text) => replace(said, message(text, true))));
  on("card-change", signal, (told) => { if (told.cardChangeId === id) asked.now(); });

  async function act(what, input, buttons) {
    for (const button of buttons) button.disabled = true;
    try {
      const answer = await call(`${path`/v1/card-changes/${id}`}/${what}`, { method: "POST", body: input });
      if (signal.aborted) return;
      replace(said, message(outcome(what, answer)));
    } catch (refusal) {
      if (signal.aborted) return;
      refused(refusal, (text) => replace(said, message(text, true)));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
    if (!signal.aborted) asked.now();
  }
}

function outcome(what, answer) {
  if (what === "reject") return t("changes.rejected");
  const flying = answer.inFlight;
  const values = { at: time(answer.effectiveAt), count: count(flying.count), amount: total(flying.amountMinor) };
  return t(answer.state === "SCHEDULED" ? "changes.scheduled" : "changes.approved", values) + (flying.complete ? "" : ` ${t("changes.lowerBound")}`);
}

async function ask(id) {
  const change = await call(path`/v1/card-changes/${id}`);
  return { change, ...(await before(change)) };
}

/** `old`, what is in force where the change would act or was before it did, null for none; `unlisted` when it is too far back to be seen. */
async function before(change) {
  if (change.version !== null) {
    const { bindings, nextBefore } = await call(path`/v1/merchants/${change.merchantId}/bindings?before=${change.version}`);
    const own = bindings.find((one) => one.terminalId === change.terminalId);
    if (!own && nextBefore !== null) return { old: null, unlisted: true };
    return { old: own ?? bindings.find((one) => one.terminalId === null) ?? null };
  }
  const profile = await call(path`/v1/merchants/${change.merchantId}`);
  return { old: profile.effectiveOfTerminals.find((one) => one.terminalId === change.terminalId) ?? profile.effective };
}

function inForce(binding) {
  return [...accountPairs(binding.account), [t("account.status"), word("account", binding.accountStatus)]];
}

/** old: names and values of the account before */
function shown(change, old) {
  const found = change.verification;
  return [
    el("section", {},
      el("p", { class: "sentence" }, pair(t("state"), ""), changeState(change.state, { id: "change-state", "data-state": change.state })),
      list([
        [t("nav.merchant"), el("a", { href: `#/merchant/${encodeURIComponent(change.merchantId)}`, id: "open-merchant" }, change.merchantId)],
        [t("terminal"), change.terminalId ?? t("terminal.all")],
        [t("reason"), word("why", change.reason)],
        [t("maker"), `${change.maker}, ${time(change.submittedAt)}`],
        [t("checker"), change.checker],
        [t("changes.from"), change.effectiveFrom ? time(change.effectiveFrom) : t("changes.atOnce")],
        [t("changes.effectiveAt"), time(change.effectiveAt)]])),
    el("div", { class: "sides" },
      side("old", t("changes.old"), old),
      side("new", t("changes.new"), accountPairs(change.account))),
    el("section", { id: "findings", "aria-labelledby": "findings-title" },
      el("h2", { id: "findings-title" }, t("changes.findings")),
      list([
        [t("changes.match"), word("match", found.nameMatch) ?? t("changes.notYet")],
        [t("changes.testCredit"), found.testCredit ? [word("test", found.testCredit.status), found.testCredit.reason].filter(Boolean).join(" · ") : null],
        [t("changes.attempts"), found.attempts.toString()],
        found.lastError ? [t("changes.lastError"), found.lastError] : null,
        [t("changes.documents"), joined(change.documents.map((one) => pair(word("document", one.kind), one.ref))) || null],
      ].filter(Boolean))),
    el("section", { id: "history" }, table(t("changes.history"), [[t("time"), "time"], [t("state")], [t("who")], [t("detail")]],
      change.history.map((one) => [time(one.time), word("state", one.to), one.by, detail(one.detail)]))),
  ];
}

const CHECKED = /^name match: (\w+)(?:, test credit: (\w+)(?: (.+))?)?$/;

/** What the history says of a move: the router's own sentence of what the bank found in the reader's words. */
function detail(text) {
  const found = CHECKED.exec(text ?? "");
  if (!found) return word("why", text) || "–";
  const [, match, test, code] = found;
  return joined([
    pair(t("changes.match"), word("match", match)),
    test && pair(t("changes.testCredit"), [word("test", test), code].filter(Boolean).join(" · ")),
  ].filter(Boolean));
}

/** The buttons, for whom they are. */
function offer(change, act) {
  if (!UNDECIDED.includes(change.state)) return null;
  if (owner().role !== "checker") return el("p", { class: "quiet", id: "not-checker" }, t("changes.checkerOnly"));
  const reason = el("textarea", { id: "reject-reason", rows: "2", maxlength: "500", required: true });
  const reject = el("button", { id: "reject" }, t("changes.reject"));
  const approve = el("button", { id: "approve", class: "first", type: "button", onclick: () => act("approve", {}, [approve, reject]) }, t("changes.approve"));
  const refuse = (event) => {
    event.preventDefault();
    if (reason.value.trim()) act("reject", { reason: reason.value.trim() }, [approve, reject]);
    else announce(t("changes.reasonNeeded"));
  };
  return el("section", { "aria-labelledby": "decide-title" },
    el("h2", { id: "decide-title" }, t("changes.decide")),
    change.state === "VERIFIED" ? el("p", {}, approve) : null,
    el("form", { onsubmit: refuse }, el("label", { for: "reject-reason" }, t("changes.rejectReason"), reason), reject));
}
