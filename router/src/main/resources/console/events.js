// What the router tells by itself: one stream for the whole console, read with fetch because it needs the token.
import { Refusal, token } from "./api.js";
import { parse } from "./money.js";

const SILENCE_MS = 25000; // The router says something every ten seconds.
const PAUSE_MS = 500;
const PAUSE_MAX_MS = 15000;
const LONGEST_EVENT = 4 * 1024 * 1024;

const listeners = new Map();

/** Whether what is shown is live: "connecting", "live" or "lost". */
export let connection = "connecting";

/** Calls `heard` with whatever is told of a topic, until the signal; "connection" tells when it changes. */
export function on(topic, signal, heard) {
  const of = listeners.get(topic) ?? new Set();
  listeners.set(topic, of);
  of.add(heard);
  signal.addEventListener("abort", () => of.delete(heard), { once: true });
}

/** A listener's fault is the page's, and none of the line. */
function tell(topic, what) {
  for (const heard of [...(listeners.get(topic) ?? [])]) {
    try {
      heard(what);
    } catch (fault) {
      reportError(fault);
    }
  }
}

function become(state) {
  if (connection === state) return;
  connection = state;
  tell("connection", state);
}

/** Listens until the signal, and again after every break; `refused` hears when the token is not taken. */
export async function listen(signal, refused) {
  let pause = PAUSE_MS;
  connection = "connecting";
  while (!signal.aborted) {
    try {
      await once(signal, () => { pause = PAUSE_MS; });
      // The router ended it, and says so where it is going on: to be taken up again at once.
      become("connecting");
    } catch (failure) {
      if (signal.aborted) return;
      if (failure instanceof Refusal && failure.status === 401) {
        refused(failure);
        return;
      }
      become("lost");
    }
    if (signal.aborted) return;
    await wait(pause * (0.5 + Math.random()), signal);
    pause = Math.min(PAUSE_MAX_MS, pause * 2);
  }
}

async function once(signal, good) {
  const silence = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  heard();
  try {
    const answer = await fetch("/v1/events", {
      cache: "no-store",
      signal: AbortSignal.any([signal, silence.signal]),
      headers: { Accept: "text/event-stream", Authorization: `Bearer ${token.get()}` },
    });
    if (!answer.ok) throw new Refusal(answer.status, "", "");
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      good();
      become("live");
      const events = (rest + value).split(/\r?\n\r?\n/);
      rest = events.pop();
      if (rest.length > LONGEST_EVENT) throw new Refusal(0, "", "an event without an end");
      events.forEach(take);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** One event: lines of a field and its value; a comment has no data. */
function take(event) {
  let topic = "message";
  const data = [];
  for (const line of event.split(/\r?\n/)) {
    if (line.startsWith("event:")) topic = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length > 0) tell(topic, parse(data.join("\n")));
}

function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
