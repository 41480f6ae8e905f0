import { call, path } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { live } from "./live.js";
import { time, total } from "./money.js";
import { accountPairs, loading, search, side } from "./parts.js";
import { language, t, word } from "./texts.js";

const EVERY_MS = 2000;

/** A merchant: where the money is, the card in force, the one asked for, and those before. */
export function merchantPage(main, { id, signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, id ? loading() : el("p", { class: "quiet" }, t("merchant.start")));
  replace(main, el("h1", {}, t("nav.merchant")), search("merchant-id", t("merchant.id"), id, "#/merchant/"), said, body);
  if (!id) return;
  live(EVERY_MS, signal, () => ask(id), (answer) => { replace(said); replace(body, ...shown(answer)); }, (refusal) =>
    refused(refusal, (text) => { replace(said, message(text, true)); if (refusal.status === 404) replace(body); }));
}

/** A merchant that is not registered has no profile, and may be owed sales all the same. */
async function ask(id) {
  const unknown = (refusal) => { if (refusal.status !== 404) throw refusal; return null; };
  const [unposted, profile, history] = await Promise.all([
    call(path`/v1/merchants/${id}/unposted`),
    call(path`/v1/merchants/${id}`).catch(unknown),
    call(path`/v1/merchants/${id}/bindings`).catch(unknown),
  ]);
  const { takenAt, ...money } = unposted;
  return { money, profile, history };
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
    of.explanation[language], of.count.toString(), total(of.amountMinor), el("time", { datetime: of.oldest }, time(of.oldest)), word("acts", of.explanation.whoActs)]);
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
        [t("state"), word("state", asked.state)],
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
