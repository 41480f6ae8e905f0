import { call, owner, path } from "./api.js";
import { announce, choice, el, field, list, message, replace, table } from "./dom.js";
import { on } from "./events.js";
import { live } from "./live.js";
import { count, time, total } from "./money.js";
import { loading } from "./parts.js";
import { rates } from "./rates.js";
import { badge, breaker } from "./state.js";
import { t, word } from "./texts.js";

const EVERY_MS = 3000;
const STATES = { RUNNING: "good", HELD: "bad", DRAINING: "warn", DRAINED: "bad" };
const POSSIBLE = { RUNNING: ["HOLD", "DRAIN"], HELD: ["RESUME", "DRAIN"], DRAINING: ["HOLD", "RESUME"], DRAINED: ["RESUME", "HOLD"] };

/** Each rail: how it stands, what is in doubt, and the orders that two persons give it. */
export function railsPage(main, { signal, refused }) {
  const said = el("div", { id: "said", role: "status" });
  const body = el("div", { id: "body" }, loading());
  const history = el("div", {});
  const rails = new Map();
  replace(main, el("h1", {}, t("nav.rails")), said, body, history);

  async function act(button, work, done) {
    button.disabled = true;
    replace(said, message(t("rails.working")));
    try {
      await work();
      if (!signal.aborted) replace(said, message(done));
    } catch (refusal) {
      if (signal.aborted) return;
      refused(refusal, (text) => replace(said, message(text, true)));
    } finally {
      button.disabled = false;
    }
    if (!signal.aborted) asked.now();
  }

  const show = ({ now, orders }) => {
    if (now.rails.length === 0) replace(body, el("p", { class: "empty", id: "empty" }, t("rails.empty")));
    const shown = now.rails.map((rail) => {
      const one = rails.get(rail.rail) ?? railSection(rail.rail, act);
      rails.set(rail.rail, one);
      one.show(rail, now.orders.filter((order) => order.rail === rail.rail));
      return one.shown;
    });
    if (shown.some((one) => !one.isConnected)) replace(body, ...shown);
    replace(history, ordered(orders));
  };
  const ask = async () => {
    const [now, orders] = await Promise.all([call("/v1/rails"), call("/v1/rail-orders")]);
    const { at, ...rest } = now;
    return { now: rest, orders };
  };
  const asked = live(EVERY_MS, signal, ask, show, (refusal) => refused(refusal, (text) => replace(said, message(text, true))));
  on("rail", signal, () => asked.now());
}

/** A rail's figures are drawn anew with each answer; what is being typed stays until the rail's state is another. */
function railSection(rail, act) {
  const facts = el("div", {});
  const doing = el("div", {});
  let offered = "";
  return {
    shown: el("section", { id: `rail-${rail}`, "aria-labelledby": `rail-${rail}-title` }, el("h2", { id: `rail-${rail}-title` }, rail), facts, doing),
    show(now, waiting) {
      replace(facts, ...figures(now));
      const offer = [now.state, ...waiting.map((one) => one.orderId)].join(" ");
      if (offer !== offered) replace(doing, ...waiting.map((order) => decision(order, act)), waiting.length === 0 ? proposal(now, act) : null);
      offered = offer;
    },
  };
}

function figures(rail) {
  const waits = ({ count: how, amountMinor, oldestSince }) => (how === 0 ? t("rails.none")
    : t("rails.some", { count: count(how), amount: total(amountMinor), at: time(oldestSince) ?? "–" }));
  const nodes = (rates.latest()?.nodes ?? []).filter((node) => node.breakers?.[rail.rail]);
  return [
    el("p", { class: "sentence" }, badge(STATES[rail.state] ?? "quiet", word("rail", rail.state), { id: `rail-state-${rail.rail}`, "data-state": rail.state })),
    list([
      rail.heldSince ? [t("rails.since"), t("rails.byWhom", { at: time(rail.heldSince), by: rail.heldBy ?? "–", approver: rail.approvedBy ?? "–" })] : null,
      rail.reason ? [t("reason"), rail.reason] : null,
      [t("rails.breaker"), breaker(rail.breaker)],
      [t("rails.waiting"), waits(rail.waiting)],
      [t("rails.inDoubt"), waits(rail.inDoubt)],
      nodes.length > 0 ? [t("now.nodes"), el("span", {}, nodes.map((node) => [node.node, " ", breaker(node.breakers[rail.rail]), " "]).flat())] : null,
    ].filter(Boolean)),
  ];
}

/** What the second person sees, and everybody else as it stands. */
function decision(order, act) {
  const values = { by: order.proposedBy, order: word("railOrder", order.order), at: time(order.proposedAt), reason: order.reason };
  const said = el("p", { class: "sentence", id: `order-${order.orderId}` }, t("rails.proposed", values));
  const { role, subject } = owner();
  if (role !== "checker") return el("div", { class: "waiting" }, said, el("p", { class: "quiet" }, t("rails.checkerOnly")));
  if (subject === order.proposedBy) return el("div", { class: "waiting" }, said, el("p", { class: "quiet" }, t("problem.proposer-is-checker")));
  const reason = el("input", { maxlength: "500", required: true, autocomplete: "off" });
  const approve = el("button", { class: "first", id: `approve-${order.orderId}`, type: "button", onclick: () => act(approve, () =>
    call(path`/v1/rail-orders/${order.orderId}/approve`, { method: "POST" }), t("rails.approved", values)) }, t("changes.approve"));
  const reject = el("button", { id: `reject-${order.orderId}` }, t("changes.reject"));
  const refuse = (event) => {
    event.preventDefault();
    if (!reason.value.trim()) announce(t("changes.reasonNeeded"));
    else act(reject, () => call(path`/v1/rail-orders/${order.orderId}/reject`, { method: "POST", body: { reason: reason.value.trim() } }), t("rails.rejected"));
  };
  return el("div", { class: "waiting" }, said, el("p", {}, approve),
    el("form", { onsubmit: refuse }, field(`reason-${order.orderId}`, t("changes.rejectReason"), reason), reject));
}

/** What an operator may propose, as the rail stands. */
function proposal(rail, act) {
  if (owner().role !== "operator") return el("p", { class: "quiet" }, t("rails.operatorOnly"));
  const order = choice((POSSIBLE[rail.state] ?? []).map((one) => [one, word("railOrder", one)]), null, () => { hint.textContent = word("railHint", order.value); });
  const hint = el("p", { class: "quiet" }, word("railHint", order.value));
  const reason = el("input", { maxlength: "500", required: true, autocomplete: "off" });
  const button = el("button", { class: "first", id: `propose-${rail.rail}` }, t("rails.propose"));
  const submit = (event) => {
    event.preventDefault();
    if (!reason.value.trim()) return;
    act(button, () => call(path`/v1/rails/${rail.rail}/orders`, { method: "POST", body: { order: order.value, reason: reason.value.trim() } }), t("rails.waitsForSecond"));
  };
  return el("div", { class: "waiting" },
    el("form", { onsubmit: submit }, field(`what-${rail.rail}`, t("rails.order"), order), field(`why-${rail.rail}`, t("act.why"), reason), button), hint);
}

function ordered({ orders, nextBefore }) {
  if (orders.length === 0) return el("p", { class: "quiet", id: "no-orders" }, t("rails.noOrders"));
  return el("section", { id: "rail-orders" }, table(t("rails.history"), [
    [t("time"), "time"], [t("now.rail")], [t("rails.order")], [t("state")], [t("rails.proposedBy")], [t("rails.decidedBy")], [t("act.why")], [t("changes.rejectReason")]],
  orders.map((one) => [time(one.proposedAt), one.rail, word("railOrder", one.order), word("proposal", one.state), one.proposedBy, one.decidedBy ?? "–", one.reason, one.decisionReason ?? "–"])),
  nextBefore ? el("p", { class: "quiet" }, t("orders.more")) : null);
}
