import { call } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { live } from "./live.js";
import { time, total } from "./money.js";
import { loading } from "./parts.js";
import { language, t, word } from "./texts.js";

const EVERY_MS = 3000;
const AGES = ["<1m", "<1h", "<1d", ">=1d"];

/** Everything that is owed and not posted, as it stands. */
export function nowPage(main, { signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, loading());
  replace(main, el("h1", {}, t("nav.now")), said, body);
  live(EVERY_MS, signal, () => call("/v1/unposted"), (answer) => { replace(said); replace(body, ...shown(answer)); }, (refusal) =>
    refused(refusal, (text) => replace(said, message(text, true))));
}

function shown(unposted) {
  const columns = (first) => [[first], [t("sales"), "amount"], [t("amount"), "amount"]];
  const row = (name, of) => [name, of.count.toString(), total(of.amountMinor)];
  const byReason = Object.values(unposted.byReason).map((of) => [
    of.explanation[language], of.count.toString(), total(of.amountMinor), time(of.oldest), word("acts", of.explanation.whoActs)]);
  const ages = AGES.filter((age) => unposted.byAge[age]).map((age) => row(word("age", age), unposted.byAge[age]));
  const rails = Object.entries(unposted.byRail).map(([rail, of]) => row(rail === "none" ? t("now.noRail") : rail, of));
  return [
    el("section", { "aria-labelledby": "total-title" },
      el("h2", { id: "total-title" }, t("now.unposted")),
      el("p", { class: "sentence", id: "total" }, t("now.total", { count: unposted.count.toString(), amount: total(unposted.amountMinor) })),
      el("p", { class: "quiet" }, t("now.taken", { at: time(unposted.takenAt), seconds: (EVERY_MS / 1000).toString() }))),
    unposted.count === 0 ? null : el("section", { id: "by-reason" },
      table(t("now.byReason"), [...columns(t("reason")), [t("since"), "time"], [t("whoActs")]], byReason)),
    unposted.count === 0 ? null : el("div", { class: "sides" },
      el("section", { id: "by-age" }, table(t("now.byAge"), columns(t("now.age")), ages)),
      el("section", { id: "by-rail" }, table(t("now.byRail"), columns(t("now.rail")), rails))),
  ];
}
