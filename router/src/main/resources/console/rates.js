// What happened in each of the last seconds, kept while one looks at other pages.
import { on } from "./events.js";

/** How far back the plots reach. */
export const SPAN_MS = 120000;

let samples = [];
let newest = null;
let movedAt = 0;

/**
 * The latest event, or null; for how long its figures have stood still, by when they arrived here and no other clock; and
 * the samples { at, accepted, posted, unposted }, the oldest first.
 */
export const rates = {
  latest: () => newest,
  stillMs: () => (newest === null ? 0 : performance.now() - movedAt),
  samples: () => samples,
};

/** Keeps what is told from now on; what was told before the signal is forgotten with it. */
export function keepRates(signal) {
  samples = [];
  newest = null;
  on("now", signal, (told) => {
    if (told.at !== newest?.at) movedAt = performance.now();
    newest = told;
    const at = Date.parse(told.at);
    samples = samples.filter((one) => one.at > at - SPAN_MS && one.at < at);
    samples.push({ at, ...told.perSecond });
  });
}
