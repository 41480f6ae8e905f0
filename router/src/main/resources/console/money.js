// Amounts as people read them, from minor units, by digits alone: no floating point.

/** The currencies of ISO 4217 without two digits behind the point. A browser's own list differs from it: people leave the digits of some out. */
const DIGITS = Object.entries({
  0: "ADP BEF BIF BYB BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF MGF PTE PYG ROL RWF TPE TRL UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
});
const TWO = 2;
const BEHIND = new Map(DIGITS.flatMap(([behind, codes]) => codes.split(" ").map((code) => [code, parseInt(behind, 10)])));

/** How many digits of an amount stand behind the point, as ISO 4217 has it: what the router takes amounts to be in. */
export function digits(currency) {
  return BEHIND.get(currency) ?? TWO;
}

/** "1,234.50" of 123450 minor units; takes integers of any length. */
export function amount(minor, currency) {
  const behind = digits(currency);
  const whole = BigInt(minor);
  const text = (whole < 0n ? -whole : whole).toString().padStart(behind + 1, "0");
  const front = text.slice(0, text.length - behind).replace(/\B(?=(\d{3})+$)/g, ",");
  return (whole < 0n ? "-" : "") + front + (behind ? "." + text.slice(text.length - behind) : "");
}

/** "CNY 1,234.50". */
export function sum(minor, currency) {
  return `${currency} ${amount(minor, currency)}`;
}

/** "CNY 1,234.50", for each currency of a total one; "0" for nothing. */
export function total(byCurrency) {
  const parts = Object.entries(byCurrency).sort().map(([currency, minor]) => sum(minor, currency));
  return parts.join(" + ") || "0";
}

/** JSON whose integers beyond 2^53 come as BigInt, where the browser tells how they were written. */
export function parse(json) {
  return JSON.parse(json, (key, value, written) =>
    typeof value === "number" && written?.source && /^-?\d{16,}$/.test(written.source) ? BigInt(written.source) : value);
}

/** "2026-11-22 10:03:11 UTC": the zone in which the API's sentences speak. */
export function time(rfc3339) {
  if (!rfc3339) return null;
  return new Date(rfc3339).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

/** "1,204" or "0.4": how often something happens; no money. */
export function rate(perSecond) {
  return new Intl.NumberFormat("en", { maximumFractionDigits: Math.abs(perSecond) < 10 ? 1 : 0 }).format(perSecond);
}

/** "1,204": how many. */
export function count(whole) {
  return new Intl.NumberFormat("en").format(whole);
}

/** "11-22 10:03", of milliseconds, in UTC as every time here. */
export function minute(ms) {
  return new Date(ms).toISOString().slice(5, 16).replace("T", " ");
}

/** "10:03:11", for what lies within minutes. */
export function second(ms) {
  return new Date(ms).toISOString().slice(11, 19);
}
