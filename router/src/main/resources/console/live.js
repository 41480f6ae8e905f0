import { Refusal } from "./api.js";

/**
 * Asks again and again until the page is left: shows an answer only when it differs from the one before, and says when
 * there is none. One question at a time. Answers { now } which asks at once.
 */
export function live(everyMs, signal, ask, show, fail) {
  let before;
  let timer;
  let turn = 0;
  async function now() {
    clearTimeout(timer);
    const mine = ++turn;
    try {
      const answer = await ask();
      if (signal.aborted || mine !== turn) return;
      const seen = JSON.stringify(answer, (key, value) => (typeof value === "bigint" ? `${value}n` : value));
      if (seen !== before) show(answer);
      before = seen;
    } catch (refusal) {
      if (signal.aborted || mine !== turn) return;
      before = undefined;
      if (!(refusal instanceof Refusal)) throw refusal;
      fail(refusal);
    }
    timer = setTimeout(() => { if (!signal.aborted) now(); }, everyMs);
  }
  now();
  return { now };
}
