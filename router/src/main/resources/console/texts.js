import en from "./en.js";
import zh from "./zh.js";

const LANGUAGES = { en, zh };
const KEY = "settlement-language";

export let language = localStorage.getItem(KEY) ?? (navigator.language.startsWith("zh") ? "zh" : "en");
if (!(language in LANGUAGES)) language = "en";

export function speak(chosen) {
  language = chosen;
  localStorage.setItem(KEY, chosen);
}

/** The text of a key in the chosen language; `{name}` is filled in. Of one thing there may be a text of its own. */
export function t(key, values = {}) {
  const text = (values.count === "1" && LANGUAGES[language][`${key}.one`]) || LANGUAGES[language][key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** The text of a code that the API says, or the code itself where a newer router has one more. */
export function word(kind, code) {
  return code === null || code === undefined ? null : (LANGUAGES[language][`${kind}.${code}`] ?? code);
}

/** A name and what is said of it. */
export function pair(name, value) {
  return language === "zh" ? `${name}：${value}` : `${name}: ${value}`;
}

/** Several things one after the other. */
export function joined(parts) {
  return parts.join(language === "zh" ? "；" : "; ");
}

/** A refusal as a sentence that says what to do. */
export function sentence(refusal) {
  if (refusal.status === undefined) throw refusal;
  const known = LANGUAGES[language][`problem.${refusal.code}`];
  return known ?? t("problem.other", { status: refusal.status, detail: refusal.message });
}
