import { el, list } from "./dom.js";
import { t, word } from "./texts.js";

/** An account's lines: what of it may be shown. */
export function accountPairs(account) {
  if (!account) return [[t("account"), t("account.none")]];
  return [
    [t("account.number"), `•••• ${account.last4}`],
    [t("account.bank"), account.bank],
    [t("account.holder"), account.holder],
    account.type ? [t("account.type"), word("type", account.type)] : null,
  ].filter(Boolean);
}

/** One side of a comparison. */
export function side(id, title, pairs, ...more) {
  return el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), list(pairs), ...more);
}

/** A form with one field that opens a page by id. */
export function search(id, label, value, to) {
  const field = el("input", { id, value: value ?? "", required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "characters" });
  const submit = (event) => {
    event.preventDefault();
    location.hash = to + encodeURIComponent(field.value.trim());
  };
  return el("form", { role: "search", "aria-label": label, onsubmit: submit },
    el("label", { for: id }, label, field), el("button", { class: "first", id: `${id}-go` }, t("search")));
}

/** What is there while nothing is known yet, and what is said when nothing comes. */
export function loading() {
  return el("p", { class: "quiet", "aria-busy": "true" }, t("loading"));
}
