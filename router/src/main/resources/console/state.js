// How a state looks: always a word, with a colour beside it and never a colour alone.
import { el } from "./dom.js";
import { count, time } from "./money.js";
import { t, word } from "./texts.js";

/** A word with a mark: good, warn, bad or quiet. */
export function badge(kind, text, attributes = {}) {
  return el("span", { class: `badge ${kind}`, ...attributes }, text);
}

export function breaker(state) {
  const kind = { CLOSED: "good", HALF_OPEN: "warn", OPEN: "bad" }[state] ?? "quiet";
  return badge(kind, word("breaker", state) ?? "–");
}

/** How many are in doubt, and since when. */
export function doubt({ count: how, oldestSince }) {
  return how === 0 ? t("rails.noDoubt") : badge("warn", t("rails.doubtSince", { count: count(how), at: time(oldestSince) ?? "–" }));
}

const CREDIT = { POSTED: "good", UNPOSTED: "quiet", SENT: "quiet", IN_DOUBT: "warn", PARTIALLY_POSTED: "warn", HELD: "bad", RETURNED: "bad" };

export function creditState(status) {
  return badge(CREDIT[status] ?? "quiet", word("credit", status));
}

const CHANGE = { EFFECTIVE: "good", REJECTED: "bad", FAILED_VERIFICATION: "bad", VERIFIED: "warn" };

export function changeState(state, attributes) {
  return badge(CHANGE[state] ?? "quiet", word("state", state), attributes);
}
