import { parse } from "./money.js";

const KEY = "settlement-token";
const DEADLINE_MS = 15000;

/** An answer that is not the one asked for: the HTTP status (0: none came) and the problem's stable code. */
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** The token lives as long as the tab. */
export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (text) => sessionStorage.setItem(KEY, text),
  clear: () => sessionStorage.removeItem(KEY),
};

/** What the token says of its owner, unchecked: the router checks it with every call. */
export function owner() {
  try {
    const text = atob(token.get().split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    return { subject: String(claims.sub), role: String(claims.role) };
  } catch {
    return { subject: "", role: "" };
  }
}

/** Calls the API; a Refusal when it is not a 2xx. */
export async function call(path, { method = "GET", body } = {}) {
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: { Authorization: `Bearer ${token.get()}`, ...(method === "GET" ? {} : { "Content-Type": "application/json" }) },
      body: method === "GET" ? undefined : written(body ?? {}),
    });
    text = await answer.text();
  } catch (failure) {
    throw new Refusal(0, "no-answer", String(failure));
  }
  if (answer.ok) return understood(text);
  const problem = answer.headers.get("Content-Type")?.startsWith("application/problem+json") ? understood(text) : {};
  throw new Refusal(answer.status, problem.code ?? "", problem.detail ?? problem.title ?? "");
}

/** What is no JSON did not come from the router, whatever stands between says: it has not answered. */
function understood(text) {
  try {
    return parse(text);
  } catch (failure) {
    throw new Refusal(0, "no-answer", String(failure));
  }
}

/** JSON in which integers beyond 2^53 stand as they came. */
function written(body) {
  return JSON.stringify(body, (key, value) => (typeof value === "bigint" ? JSON.rawJSON(value.toString()) : value));
}

/** A random UUID, of version 4; `crypto.randomUUID` is not there without TLS. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The path's parts, escaped. */
export function path(strings, ...parts) {
  return String.raw({ raw: strings }, ...parts.map(encodeURIComponent));
}
