import { call, path } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { count, time, total } from "./money.js";
import { accountPairs, loading, search, side } from "./parts.js";
import { timeline } from "./timeline.js";
import { changeState } from "./state.js";
import { language, t, word } from "./texts.js";

const EVERY_MS = 3000;
const CREDITS = 25;

/** A merchant: where the money is, the card in force, the one asked for, and what happened on one axis of time. */
export function merchantPage(main, { id, signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, id ? loading() : el("p", { class: "quiet" }, t("merchant.start")));
  const events = el("div", { id: "events" });
  replace(main, el("h1", {}, t("nav.merchant")), search("merchant-id", t("merchant.id"), id, "#/merchant/"), said, body, events);
  if (!id) return;
  const line = timeline();
  let after = null;
  const pager = el("p", { class: "pager" });
  const turn = (to) => { after = to; asked.now(); };
  const show = (answer) => {
    replace(said);
    replace(body, ...shown(answer));
    line.show({ bindings: answer.history?.bindings ?? [], changes: answer.changes, credits: answer.sold.credits });
    replace(pager,
      answer.sold.complete ? null : el("span", { class: "quiet" }, t("merchant.manyTerminals")),
      after && el("button", { id: "newest", onclick: () => turn(null) }, t("merchant.newest")),
      answer.sold.next && el("button", { id: "older", onclick: () => turn(answer.sold.next) }, t("merchant.older")));
    if (!line.shown.isConnected) replace(events, line.shown, pager);
  };
  const asked = live(EVERY_MS, signal, () => ask(id, after), show, (refusal) =>
    refused(refusal, (text) => { replace(said, message(text, true)); if (refusal.status === 404) { replace(body); replace(events); } }));
  on("card-change", signal, (told) => { if (told.merchantId === id) asked.soon(); });
}

/** A merchant that is not registered has no profile, and may be owed sales all the same. */
async function ask(id, after) {
  const unknown = (refusal) => { if (refusal.status !== 404) throw refusal; return null; };
  const [unposted, profile, history, changes, sold] = await Promise.all([
    call(path`/v1/merchants/${id}/unposted`),
    call(path`/v1/merchants/${id}`).catch(unknown),
    call(path`/v1/merchants/${id}/bindings`).catch(unknown),
    call(path`/v1/card-changes?merchantId=${id}`),
    call(path`/v1/merchants/${id}/credits?limit=${CREDITS}` + (after ? path`&after=${after}` : "")),
  ]);
  const { takenAt, ...money } = unposted;
  return { money, profile, history, changes: changes.cardChanges, sold };
}

function shown({ money, profile, history }) {
  return [
    profile ? el("h2", { id: "merchant-name" }, `${profile.name} · ${profile.merchantId}`) : message(t("merchant.unknown"), true),
    profile?.hold ? message(t("merchant.hold", { reason: profile.hold.reason, since: time(profile.hold.since) }), true) : null,
    el("section", { "aria-labelledby": "money-title" },
      el("h2", { id: "money-title" }, t("merchant.where")),
      el("p", { class: "sentence", id: "sentence" }, money.sentence[language]),
      money.complete ? null : el("p", { class: "quiet" }, t("merchant.incomplete"))),
    reasons(money),
    profile && cards(profile),
    history && bindings(history),
  ];
}

function reasons(money) {
  const rows = Object.entries(money.byReason).map(([, of]) => [
    of.explanation[language], count(of.count), total(of.amountMinor), time(of.oldest), word("acts", of.explanation.whoActs)]);
  return rows.length === 0 ? null : el("section", {}, table(t("merchant.reasons"),
    [[t("reason")], [t("sales"), "amount"], [t("amount"), "amount"], [t("since"), "time"], [t("whoActs")]], rows));
}

function cards(profile) {
  const asked = profile.requested;
  return el("div", { class: "sides" },
    side("effective", t("merchant.effective"), profile.effective
      ? [...accountPairs(profile.effective.account),
        [t("account.status"), word("account", profile.effective.accountStatus)],
        [t("since"), time(profile.effective.since)],
        [t("version"), profile.effective.version.toString()]]
      : [[t("account"), t("account.none")]]),
    side("requested", t("merchant.requested"), asked
      ? [...accountPairs(asked.account),
        [t("state"), changeState(asked.state)],
        [t("terminal"), asked.terminalId ?? t("terminal.all")],
        [t("submitted"), time(asked.submittedAt)],
        [t("change"), el("a", { href: `#/changes/${encodeURIComponent(asked.cardChangeId)}`, id: "open-change" }, asked.cardChangeId)]]
      : [[t("account"), t("merchant.noRequest")]]));
}

function bindings(history) {
  const rows = history.bindings.map((one) => [
    time(one.effectiveFrom), one.effectiveTo ? time(one.effectiveTo) : el("strong", { class: "good" }, t("inForce")),
    `•••• ${one.account.last4} (${one.account.bank})`, word("account", one.accountStatus), one.terminalId ?? t("terminal.all"),
    one.version.toString(),
    one.cardChangeId ? el("a", { href: `#/changes/${encodeURIComponent(one.cardChangeId)}`, id: `binding-${one.version}` }, one.cardChangeId) : t("firstAccount")]);
  return el("section", { id: "bindings" }, table(t("merchant.history"),
    [[t("from"), "time"], [t("to"), "time"], [t("account")], [t("account.status")], [t("terminal")], [t("version"), "amount"], [t("change")]], rows),
  history.nextBefore === null ? null : el("p", { class: "quiet" }, t("merchant.more")));
}
