import { Refusal } from "./api.js";
import { on } from "./events.js";

const SOON_MS = 150;

/**
 * Asks again and again until the page is left: shows an answer only when it differs from the one before, and says when
 * there is none. Answers { now }, which asks at once and forgets an answer that is on its way, and { soon }, for what is
 * told by the router: it waits for that answer and asks a few times a second at most.
 */
export function live(everyMs, signal, ask, show, fail) {
  let before;
  let timer;
  let turn = 0;
  let asking = false;
  let told = false;

  async function now() {
    clearTimeout(timer);
    const mine = ++turn;
    asking = true;
    told = false;
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
    } finally {
      if (mine === turn) {
        asking = false;
        if (!signal.aborted) next(told ? SOON_MS : everyMs);
      }
    }
  }

  function next(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!signal.aborted) now(); }, ms);
  }

  function soon() {
    if (told) return;
    told = true;
    if (!asking) next(SOON_MS);
  }

  on("connection", signal, (state) => { if (state === "live") soon(); });
  now();
  return { now, soon };
}
