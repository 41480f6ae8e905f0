import { call, path } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { live } from "./live.js";
import { sum, time } from "./money.js";
import { accountPairs, loading, search, side } from "./parts.js";
import { language, t, word } from "./texts.js";

const EVERY_MS = 2000;

/** One credit's path, from the sale to the account. */
export function creditPage(main, { id, signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, id ? loading() : el("p", { class: "quiet" }, t("credit.start")));
  replace(main, el("h1", {}, t("nav.credit")), search("credit-id", t("credit.id"), id, "#/credit/"), said, body);
  if (!id) return;
  live(EVERY_MS, signal, () => call(path`/v1/credits/${id}`), (credit) => { replace(said); replace(body, ...shown(credit)); }, (refusal) =>
    refused(refusal, (text) => { replace(said, message(text, true)); if (refusal.status === 404) replace(body); }));
}

/** What is known of a credit: the sale, the account, each event on its way. */
export function shown(credit) {
  const sale = credit.transaction;
  return [
    el("section", {},
      el("p", { class: "sentence", id: "sentence" }, `${sum(credit.amountMinor, credit.currency)} · ${word("credit", credit.status)}`),
      credit.explanation ? el("p", { id: "explanation" }, credit.explanation[language], " ", t("credit.acts", { who: word("acts", credit.explanation.whoActs) })) : null),
    el("div", { class: "sides" },
      side("sale", t("credit.sale"), [
        [t("nav.merchant"), el("a", { href: `#/merchant/${encodeURIComponent(sale.merchantId)}`, id: "open-merchant" }, sale.merchantId)],
        [t("terminal"), sale.terminalId], [t("credit.stan"), sale.stan], [t("credit.captured"), time(sale.capturedAt)]]),
      side("account", t("account"), [...accountPairs(credit.account), [t("version"), credit.bindingVersion.toString()],
        [t("credit.posted"), sum(credit.postedMinor, credit.currency)]])),
    el("section", { id: "path" }, table(t("credit.path"),
      [[t("time"), "time"], [t("fact")], [t("attempt"), "amount"], [t("detail")]],
      credit.history.map((one) => [time(one.time), word("fact", one.fact), one.attempt.toString(), details(one)]))),
  ];
}

function details(fact) {
  return [fact.rail, fact.endToEndId, word("reason", fact.reason), fact.bankCode, fact.cause, fact.accountId, fact.by, fact.assignee && `→ ${fact.assignee}`, fact.note].filter(Boolean).join(" · ") || "–";
}
