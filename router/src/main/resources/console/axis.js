// Bindings, card changes and credits of a merchant on one axis of time. Places are percentages, so it fits any width; what
// it draws stands in the list under it as well.
import { el, svg } from "./dom.js";
import { minute, second } from "./money.js";
import { t } from "./texts.js";

const SPANS = { hour: 3600e3, day: 86400e3, week: 7 * 86400e3 };
const LANES = { bindings: 34, changes: 86, credits: 136 };
const HEIGHT = 182;
const SHORT_MS = 600e3; // Seconds are told of a span that is no longer.
const NARROW = 14; // Percent: a bar that is no wider has no room for its label.

/** Marks differ by their shape as well, for those who do not see colours. */
export const GLYPHS = { good: "●", quiet: "○", warn: "◐", bad: "✕" };

/** The spans that can be chosen; "all": from the first event on. */
export const SPAN_NAMES = ["hour", "day", "week", "all"];

/**
 * Draws { bindings: [{ from, to, label }], changes: [{ at, label, kind }], credits: [{ at, label, kind }] }, times in
 * milliseconds; `to` null: still in force.
 */
export function axis({ bindings, changes, credits }, span, now) {
  const times = [...bindings.map((one) => one.from), ...changes.map((one) => one.at), ...credits.map((one) => one.at)];
  const first = span === "all" ? Math.min(now - 60e3, ...times) : now - SPANS[span];
  const last = Math.max(now, ...(span === "all" ? times : []));
  const x = (at) => ((at - first) / (last - first)) * 98 + 1;
  const inside = (one) => one.at >= first && one.at <= last;
  const lane = (name) => svg("text", { class: "lane", x: "1%", y: LANES[name] - 12 }, t(`axis.${name}`));
  return el("div", { class: "axis" },
    svg("svg", { width: "100%", height: HEIGHT, role: "img", "aria-label": t("axis.described", { from: minute(first), to: minute(last) }) },
      Object.keys(LANES).map(lane),
      bindings.filter((one) => (one.to ?? last) > first).map((one) => bar(one, x, first, last)),
      changes.filter(inside).map((one) => mark(one, x(one.at), LANES.changes)),
      credits.filter(inside).map((one) => mark(one, x(one.at), LANES.credits)),
      ticks(first, last)));
}

function bar({ from, to, label }, x, first, last) {
  const left = x(Math.max(from, first));
  const width = Math.max(0.4, x(Math.min(to ?? last, last)) - left);
  return svg("g", { class: to === null ? "bar current" : "bar" },
    svg("title", {}, label),
    svg("rect", { x: `${left}%`, y: LANES.bindings - 4, width: `${width}%`, height: 20, rx: 3 }),
    width > NARROW ? svg("text", { x: `${left + 0.8}%`, y: LANES.bindings + 10 }, label) : null);
}

function mark({ label, kind }, place, y) {
  return svg("text", { class: `glyph ${kind}`, x: `${place}%`, y: y + 11, "text-anchor": "middle" }, svg("title", {}, label), GLYPHS[kind]);
}

function ticks(first, last) {
  const places = [[1, "start", first], [50, "middle", (first + last) / 2], [99, "end", last]];
  return [
    svg("line", { class: "zero", x1: "1%", x2: "99%", y1: HEIGHT - 24, y2: HEIGHT - 24 }),
    ...places.map(([place, anchor, at]) => svg("text", { class: "tick", x: `${place}%`, y: HEIGHT - 7, "text-anchor": anchor }, (last - first > SHORT_MS ? minute : second)(at))),
  ];
}
