// A line over the last two minutes. The drawing stretches with the page; what is to be read stands beside it as text.
import { el, svg } from "./dom.js";
import { SPAN_MS } from "./rates.js";
import { rate } from "./money.js";
import { t } from "./texts.js";

const WIDTH = 600;
const HEIGHT = 100;
const GAP_MS = 3500; // Nothing was heard meanwhile: the line has a gap as well.

/** A plot of one figure of the samples; `title` says what and per what. */
export function plot(id, title, samples, figure) {
  const values = samples.map((one) => one[figure]);
  const top = nice(Math.max(1, ...values));
  const bottom = 0 - nice(0 - Math.min(0, ...values));
  const now = samples.length > 0 ? samples[samples.length - 1] : null;
  const latest = now ? rate(now[figure]) : "–";
  const y = (value) => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT;
  const path = line(samples, figure, now?.at ?? 0, y);
  const described = t("plot.described", { title, now: latest, most: rate(Math.max(0, ...values)), least: rate(Math.min(...values, values[0] ?? 0)) });
  return el("figure", { class: "plot", id },
    el("figcaption", {}, el("span", {}, title), el("strong", { class: "figure" }, latest)),
    el("div", { class: "graph" },
      svg("svg", { viewBox: `0 -2 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: "none", role: "img", "aria-label": described },
        svg("line", { class: "zero", x1: 0, x2: WIDTH, y1: y(0), y2: y(0) }),
        path ? svg("path", { class: `line ${figure}`, d: path }) : null),
      el("span", { class: "top", "aria-hidden": "true" }, rate(top)),
      el("span", { class: "bottom", "aria-hidden": "true" }, rate(bottom))),
    el("div", { class: "ends", "aria-hidden": "true" }, el("span", {}, t("plot.from")), el("span", {}, t("plot.to"))));
}

function line(samples, figure, newest, y) {
  let before = -Infinity;
  return samples.map((one) => {
    const x = WIDTH - ((newest - one.at) / SPAN_MS) * WIDTH;
    const step = `${one.at - before > GAP_MS ? "M" : "L"}${x.toPrecision(5)} ${y(one[figure]).toPrecision(5)}`;
    before = one.at;
    return step;
  }).join("");
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function nice(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * power >= value) * power;
}
