import { call } from "./api.js";
import { el, message, replace, table } from "./dom.js";
import { connection, on } from "./events.js";
import { live } from "./live.js";
import { count, rate, time, total } from "./money.js";
import { loading } from "./parts.js";
import { plot } from "./plot.js";
import { rates } from "./rates.js";
import { badge, breaker, doubt } from "./state.js";
import { language, t, word } from "./texts.js";

const EVERY_MS = 3000;
const SILENT_MS = 5000;
const STILL_MS = 10000;
const LOOK_MS = 1000;
const AGES = ["<1m", "<1h", "<1d", ">=1d"];

/** What happens this second: rates, nodes and rails as they are told; what is owed and not posted as it is asked. */
export function nowPage(main, { signal, refused }) {
  const said = el("div", { id: "said" });
  const plots = el("div", { class: "plots", id: "plots" });
  const body = el("div", { id: "body" }, loading());
  const cluster = el("div", { id: "cluster" });
  const still = stillness(signal);
  replace(main, el("h1", {}, t("nav.now")), said, still, plots, body, cluster);
  const drawn = () => {
    replace(plots, ...lines());
    replace(cluster, ...members(rates.latest()));
  };
  on("now", signal, drawn);
  drawn();
  live(EVERY_MS, signal, () => call("/v1/unposted"), (answer) => { replace(said); replace(body, ...shown(answer)); }, (refusal) =>
    refused(refusal, (text) => replace(said, message(text, true))));
}

/** Says when the figures have not moved for a while though the line stands; that it does not, the frame says. */
function stillness(signal) {
  const shown = el("div", { id: "still" });
  let since = null;
  const look = () => {
    const now = connection === "live" && rates.stillMs() > STILL_MS ? rates.latest().at : null;
    if (now !== since) replace(shown, now && message(t("now.still", { at: time(now) }), true));
    since = now;
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return shown;
}

function lines() {
  const samples = rates.samples();
  return ["accepted", "posted", "unposted"].map((figure) => plot(`plot-${figure}`, t(`now.${figure}PerSecond`), samples, figure));
}

function shown(unposted) {
  const columns = (first) => [[first], [t("sales"), "amount"], [t("amount"), "amount"]];
  const row = (name, of) => [name, count(of.count), total(of.amountMinor)];
  const byReason = Object.entries(unposted.byReason).map(([reason, of]) => [
    el("a", { href: `#/exceptions?reason=${encodeURIComponent(reason)}`, id: `reason-${reason}` }, of.explanation[language]),
    count(of.count), total(of.amountMinor), time(of.oldest)]);
  const ages = AGES.filter((age) => unposted.byAge[age]).map((age) => row(word("age", age), unposted.byAge[age]));
  const rails = Object.entries(unposted.byRail).map(([rail, of]) => row(rail === "none" ? t("now.noRail") : rail, of));
  return [
    el("section", { "aria-labelledby": "total-title" },
      el("h2", { id: "total-title" }, t("now.unposted")),
      el("p", { class: "sentence", id: "total" }, t("now.total", { count: count(unposted.count), amount: total(unposted.amountMinor) })),
      el("p", { class: "quiet" }, t("now.taken", { at: time(unposted.takenAt), seconds: (EVERY_MS / 1000).toString() }))),
    unposted.count === 0 ? null : el("section", { id: "by-reason" },
      table(t("now.byReason"), [...columns(t("reason")), [t("since"), "time"]], byReason)),
    unposted.count === 0 ? null : el("div", { class: "sides" },
      el("section", { id: "by-age" }, table(t("now.byAge"), columns(t("now.age")), ages)),
      el("section", { id: "by-rail" }, table(t("now.byRail"), columns(t("now.rail")), rails))),
  ];
}

/** Nodes and rails, as the last event told; nothing was told yet: that is said. */
function members(told) {
  if (!told) return [el("section", {}, el("h2", {}, t("now.nodes")), el("p", { class: "quiet", "aria-busy": "true" }, t("now.waiting")))];
  const nodes = told.nodes.map((node) => [
    node.node,
    node.silentMs > SILENT_MS ? badge("bad", t("now.silent", { at: time(node.seenAt) })) : badge("good", t("now.alive")),
    rate(node.perSecond.accepted), rate(node.perSecond.posted),
    node.stalenessMs ? `${rate(node.stalenessMs.p50)} / ${rate(node.stalenessMs.p99)} / ${rate(node.stalenessMs.max)}` : "–",
    count(node.versionLag), count(node.queueDepth), el("span", { title: node.member }, node.member.slice(0, 8))]);
  const rails = told.rails.map((rail) => [
    el("a", { href: "#/rails", id: `rail-${rail.rail}` }, rail.rail), badge(rail.state === "RUNNING" ? "good" : "warn", word("rail", rail.state)), breaker(rail.breaker),
    count(rail.waiting.count), total(rail.waiting.amountMinor), doubt(rail.inDoubt)]);
  return [
    el("section", { id: "nodes" },
      table(t("now.nodes"), [[t("now.node")], [t("state")], [t("now.acceptedPerSecond"), "amount"], [t("now.postedPerSecond"), "amount"],
        [t("now.staleness"), "amount"], [t("now.lag"), "amount"], [t("now.queue"), "amount"], [t("now.member")]], nodes)),
    el("section", { id: "rails" },
      rails.length === 0 ? el("p", { class: "quiet" }, t("rails.empty")) : table(t("nav.rails"), [[t("now.rail")], [t("state")], [t("rails.breaker")], [t("rails.waiting"), "amount"],
        [t("amount"), "amount"], [t("rails.inDoubt")]], rails)),
  ];
}
