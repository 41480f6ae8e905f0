// What operators ordered of exceptions, and how far it has come.
import { call, owner, path } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { count, time, total } from "./money.js";
import { badge } from "./state.js";
import { joined, pair, t, word } from "./texts.js";

const EVERY_MS = 5000;
const RUNNING_EVERY_MS = 1000;
const KIND = { RUNNING: "warn", DONE: "good", STOPPED: "bad" };

const state = (order, attributes) => badge(KIND[order.state] ?? "quiet", word("order", order.state), attributes);

function failures(order) {
  const why = (code) => (word("failed", code) === code ? word("reason", code) : word("failed", code));
  return joined(order.failed.map((one) => pair(why(one.why), `${count(one.count)} · ${total(one.amountMinor)}`)));
}

/** All of them, the newest first. */
export function orders({ signal, refused }) {
  const said = el("div", {});
  const body = el("div", {});
  const show = ({ orders: all, nextBefore }) => {
    replace(said);
    replace(body, all.length === 0 ? el("p", { class: "quiet", id: "no-orders" }, t("orders.empty")) : table(t("orders.title"), [
      [t("time"), "time"], [t("who")], [t("act.what")], [t("state")], [t("orders.done"), "amount"], [t("orders.changed"), "amount"], [t("act.why")], [t("orders.failed")]],
    all.map((one) => [time(one.orderedAt), one.orderedBy, word("action", one.action) + (one.assignee ? ` → ${one.assignee}` : ""), state(one),
      `${count(one.done)} / ${count(one.total)}`, total(one.changedMinor), one.reason, failures(one) || "–"])),
    nextBefore ? el("p", { class: "quiet" }, t("orders.more")) : null);
  };
  const asked = live(EVERY_MS, signal, () => call("/v1/exceptions/orders"), show, (refusal) => refused(refusal, (text) => replace(said, message(text, true))));
  on("exception-order", signal, () => asked.soon());
  return el("section", { id: "orders" }, said, body);
}

/** One that was just given, until it has ended. */
export function progress(order, { signal, refused, changed }) {
  const said = el("div", {});
  const body = el("div", {});
  // The page may be left or another order be looked at before it ends.
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const stop = el("button", { id: "stop-order", onclick: async () => {
    stop.disabled = true;
    try {
      await call(path`/v1/exceptions/orders/${order.orderId}/stop`, { method: "POST" });
    } catch (refusal) {
      if (!signal.aborted) refused(refusal, (text) => replace(said, message(text, true)));
    } finally {
      stop.disabled = false;
    }
    if (!both.aborted) asked.now();
  } }, t("orders.stop"));
  const show = (now) => {
    replace(said);
    replace(body,
      el("p", {}, state(now, { id: "order-state", "data-state": now.state }), " ", t("orders.progress", { done: count(now.done), total: count(now.total), amount: total(now.changedMinor) })),
      el("progress", { max: now.total.toString(), value: now.done.toString(), "aria-label": t("orders.done") }),
      now.failed.length === 0 ? null : el("p", { class: "bad" }, t("orders.left", { what: failures(now) })));
    if (now.state === "RUNNING") return;
    stop.remove();
    ended.abort();
    changed();
  };
  show(order);
  const asked = live(RUNNING_EVERY_MS, both, () => call(path`/v1/exceptions/orders/${order.orderId}`), show, (refusal) =>
    refused(refusal, (text) => replace(said, message(text, true))));
  on("exception-order", both, (told) => { if (told.orderId === order.orderId) asked.soon(); });
  return el("section", { id: "progress", "aria-labelledby": "progress-title" },
    el("h3", { id: "progress-title" }, t("orders.running", { action: word("action", order.action) })), said, body, owner().role === "operator" && order.state === "RUNNING" ? stop : null);
}
