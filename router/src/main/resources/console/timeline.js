// What happened to a merchant in the order of time: the axis, and the same as a list that can be read.
import { axis, GLYPHS, SPAN_NAMES } from "./axis.js";
import { choice, el, field, replace, table } from "./dom.js";
import { sum, time } from "./money.js";
import { changeState, creditState } from "./state.js";
import { t, word } from "./texts.js";

const KIND = { POSTED: "good", HELD: "bad", RETURNED: "bad", IN_DOUBT: "warn", PARTIALLY_POSTED: "warn" };

/** The timeline; the span that is looked at stays chosen while the content changes. */
export function timeline() {
  const drawing = el("div", {});
  const listing = el("div", {});
  let seen = null;
  const draw = () => seen && replace(drawing, axis(lanes(seen), span.value, Date.now()));
  const span = choice(SPAN_NAMES.map((name) => [name, t(`axis.${name}`)]), "all", draw);
  const shown = el("section", { id: "timeline", "aria-labelledby": "timeline-title" },
    el("h2", { id: "timeline-title" }, t("merchant.timeline")),
    el("form", { onsubmit: (event) => event.preventDefault() }, field("span", t("axis.span"), span)),
    drawing,
    el("p", { class: "quiet legend" }, Object.entries(GLYPHS).map(([kind, glyph]) => el("span", {}, el("span", { class: `glyph ${kind}`, "aria-hidden": "true" }, glyph), " ", word("legend", kind)))),
    listing);
  return {
    shown,
    show(what) {
      seen = what;
      draw();
      replace(listing, table(t("merchant.events"), [[t("time"), "time"], [t("fact")], [t("account")], [t("amount"), "amount"], [t("state")], [t("detail")]], rows(what)));
    },
  };
}

const short = (account) => (account ? `•••• ${account.last4}` : "–");

function lanes({ bindings, changes, credits }) {
  const ms = (text) => Date.parse(text);
  return {
    bindings: bindings.map((one) => ({
      from: ms(one.effectiveFrom), to: one.effectiveTo ? ms(one.effectiveTo) : null, label: `${short(one.account)}${one.terminalId ? ` ${one.terminalId}` : ""}` })),
    changes: changes.map((one) => ({
      at: ms(one.submittedAt), kind: { EFFECTIVE: "good", VERIFIED: "warn", REJECTED: "bad", FAILED_VERIFICATION: "bad" }[one.state] ?? "quiet",
      label: `${one.cardChangeId} ${word("state", one.state)}, ${time(one.submittedAt)}` })),
    credits: credits.map((one) => ({
      at: ms(one.transaction.capturedAt), kind: KIND[one.status] ?? "quiet",
      label: `${sum(one.amountMinor, one.currency)} ${word("credit", one.status)}, ${time(one.transaction.capturedAt)}` })),
  };
}

function rows({ bindings, changes, credits }) {
  const link = (to, id, text) => el("a", { href: to, id }, text);
  const all = [
    ...bindings.map((one) => [one.effectiveFrom, t("event.bound"), short(one.account), "–", one.effectiveTo ? t("event.until", { at: time(one.effectiveTo) }) : el("strong", { class: "good" }, t("inForce")),
      `${t("version")} ${one.version} · ${one.terminalId ?? t("terminal.all")}`]),
    ...changes.map((one) => [one.submittedAt, t("event.asked"), short(one.account), "–", changeState(one.state),
      link(`#/changes/${encodeURIComponent(one.cardChangeId)}`, `change-${one.cardChangeId}`, one.cardChangeId)]),
    ...credits.map((one) => [one.transaction.capturedAt, t("event.sold"), short(one.account), sum(one.amountMinor, one.currency), creditState(one.status),
      link(`#/credit/${encodeURIComponent(one.creditId)}`, `credit-${one.creditId}`, one.creditId)]),
  ];
  return all.sort((a, b) => Date.parse(b[0]) - Date.parse(a[0])).map(([at, ...more]) => [time(at), ...more]);
}
