import { call, owner, path } from "./api.js";
import { actions } from "./act.js";
import { shown as creditShown } from "./credit.js";
import { choice, el, field, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { sum, time } from "./money.js";
import { orders } from "./orders.js";
import { loading } from "./parts.js";
import { REASONS } from "./reasons.js";
import { pair, t, word } from "./texts.js";

const EVERY_MS = 5000;
const PAGE = 50;
const FILTERS = ["reason", "rail", "merchantId", "assignee", "olderThan"];
const AGES = ["PT1M", "PT1H", "P1D", "P7D"];

/** Credits that wait for somebody: filtered, opened, acted on, one or many. */
export function exceptionsPage(main, { id, signal, refused }) {
  const filter = Object.fromEntries([...new URLSearchParams(id ?? "")].filter(([name, value]) => FILTERS.includes(name) && value));
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, loading());
  const picked = new Set();
  const operator = owner().role === "operator";
  const act = operator ? actions({ filter, picked, signal, refused, changed: () => asked.now() }) : null;
  let places = [null];
  const turn = (to) => { places = to; picked.clear(); act?.picked(); asked.now(); };
  replace(main, el("h1", {}, t("nav.exceptions")), filters(filter), said,
    act ? act.shown : el("p", { class: "quiet", id: "not-operator" }, t("exceptions.operatorOnly")),
    body,
    orders({ signal, refused }));
  const question = new URLSearchParams({ ...filter, limit: PAGE.toString() });
  const ask = () => {
    const after = places[places.length - 1];
    return call(`/v1/exceptions?${question}` + (after ? path`&after=${after}` : ""));
  };
  const show = (answer) => {
    replace(said);
    // What is no longer listed cannot be picked any more.
    const listed = new Set(answer.exceptions.map((one) => one.creditId));
    for (const one of [...picked]) if (!listed.has(one)) picked.delete(one);
    act?.picked();
    replace(body, ...listing(answer, picked, operator ? () => act.picked() : null), pager(answer.next, places, turn));
  };
  const asked = live(EVERY_MS, signal, ask, show, (refusal) => refused(refusal, (text) => replace(said, message(text, true))));
  on("exception-order", signal, () => asked.soon());
}

function pager(next, places, turn) {
  return el("p", { class: "pager" },
    places.length > 1 && el("button", { id: "newer", onclick: () => turn(places.slice(0, -1)) }, t("page.previous")),
    next && el("button", { id: "older", onclick: () => turn([...places, next]) }, t("page.next")));
}

function filters(filter) {
  const text = (name, length) => el("input", { value: filter[name] ?? "", maxlength: length, autocomplete: "off", spellcheck: "false" });
  const made = {
    reason: choice([["", t("filter.any")], ...REASONS.map((one) => [one, word("reason", one)])], filter.reason ?? ""),
    olderThan: choice([["", t("filter.any")], ...AGES.map((one) => [one, word("older", one)])], filter.olderThan ?? ""),
    merchantId: text("merchantId", "15"),
    rail: text("rail", "40"),
    assignee: text("assignee", "100"),
  };
  const submit = (event) => {
    event.preventDefault();
    const wanted = Object.entries(made).map(([name, one]) => [name, one.value.trim()]).filter(([, value]) => value);
    location.hash = wanted.length > 0 ? `#/exceptions?${new URLSearchParams(wanted)}` : "#/exceptions";
  };
  return el("form", { role: "search", "aria-label": t("filter"), onsubmit: submit, class: "filters" },
    Object.entries(made).map(([name, one]) => field(`filter-${name}`, word("filter", name), one)),
    el("button", { class: "first", id: "filter-go" }, t("filter.go")));
}

function listing({ exceptions }, picked, changed) {
  if (exceptions.length === 0) return [el("p", { class: "empty", id: "empty" }, t("exceptions.empty"))];
  const boxes = new Map();
  const put = (one, on) => { if (on) picked.add(one); else picked.delete(one); };
  const box = ({ creditId }) => {
    const made = el("input", { type: "checkbox", id: `pick-${creditId}`, "aria-label": t("exceptions.pick", { id: creditId }),
      onchange: (event) => { put(creditId, event.target.checked); changed(); } });
    made.checked = picked.has(creditId);
    boxes.set(creditId, made);
    return made;
  };
  const all = changed && el("input", { type: "checkbox", id: "pick-all", "aria-label": t("exceptions.pickAll"), onchange: (event) => {
    for (const [creditId, made] of boxes) { made.checked = event.target.checked; put(creditId, made.checked); }
    changed();
  } });
  if (all) all.checked = exceptions.every((one) => picked.has(one.creditId));
  const rows = exceptions.map((one) => [
    ...(changed ? [box(one)] : []),
    el("a", { href: `#/exceptions/${encodeURIComponent(one.creditId)}`, id: `open-${one.creditId}` }, one.creditId),
    el("a", { href: `#/merchant/${encodeURIComponent(one.merchantId)}`, id: `merchant-of-${one.creditId}` }, one.merchantId),
    sum(one.amountMinor, one.currency), word("reason", one.reason), time(one.since), one.rail ?? "–", word("acts", one.whoActs), one.assignee ?? "–"]);
  return [el("section", { id: "listing" }, table(t("exceptions.listing"), [
    ...(changed ? [[all, "pick", t("exceptions.pickAll")]] : []), [t("nav.credit")], [t("nav.merchant")], [t("amount"), "amount"], [t("reason")], [t("since"), "time"],
    [t("now.rail")], [t("whoActs")], [t("exceptions.assignee")]], rows))];
}

/** One of them: its path, why it waits, and what an operator can do. */
export function exceptionPage(main, { id, signal, refused }) {
  const said = el("div", { id: "said" });
  const body = el("div", { id: "body" }, loading());
  const doing = el("div", {});
  const act = owner().role === "operator" ? actions({ picked: new Set([id]), signal, refused, changed: () => asked.now() }) : null;
  replace(main, el("h1", {}, pair(t("nav.exceptions"), id)), el("p", {}, el("a", { href: "#/exceptions", id: "back" }, t("exceptions.back"))), said, body, doing);
  const show = (credit) => {
    replace(said);
    replace(body, ...creditShown(credit));
    if (!act) replace(doing, el("p", { class: "quiet", id: "not-operator" }, t("exceptions.operatorOnly")));
    else if (!act.shown.isConnected && credit.reason !== null) replace(doing, act.shown);
  };
  const asked = live(EVERY_MS, signal, () => call(path`/v1/credits/${id}`), show, (refusal) =>
    refused(refusal, (text) => { replace(said, message(text, true)); if (refusal.status === 404) replace(body); }));
  on("exception-order", signal, () => asked.soon());
}
