// The frame of the console: sign-in, navigation, language, colours, and whether it is live. Each page is a module of its own.
import { owner, token } from "./api.js";
import { changesPage } from "./changes.js";
import { changePage } from "./change.js";
import { creditPage } from "./credit.js";
import { announce, el, message, replace } from "./dom.js";
import { connection, listen, on } from "./events.js";
import { exceptionPage, exceptionsPage } from "./exceptions.js";
import { merchantPage } from "./merchant.js";
import { time } from "./money.js";
import { nowPage } from "./now.js";
import { railsPage } from "./rails.js";
import { keepRates } from "./rates.js";
import { signInPage } from "./signin.js";
import { language, sentence, speak, t, word } from "./texts.js";

const THEME = "settlement-theme";
const PAGES = [
  { path: /^#\/now$/, title: "nav.now", link: "#/now", page: nowPage },
  { path: /^#\/merchant(?:\/([^/]+))?$/, title: "nav.merchant", link: "#/merchant", page: merchantPage },
  { path: /^#\/credit(?:\/([^/]+))?$/, title: "nav.credit", link: "#/credit", page: creditPage },
  { path: /^#\/changes$/, title: "nav.changes", link: "#/changes", page: changesPage },
  { path: /^#\/changes\/([^/]+)$/, title: "nav.changes", page: changePage },
  { path: /^#\/exceptions(?:\?(.*))?$/, title: "nav.exceptions", link: "#/exceptions", page: exceptionsPage, raw: true },
  { path: /^#\/exceptions\/([^/?]+)$/, title: "nav.exceptions", page: exceptionPage },
  { path: /^#\/rails$/, title: "nav.rails", link: "#/rails", page: railsPage },
];

let leave = new AbortController();
let session = null;

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function theme(chosen) {
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
}

function header(here) {
  const { subject, role } = owner();
  const dark = isDark();
  const links = PAGES.filter((page) => page.link).map((page) =>
    el("li", {}, el("a", { href: page.link, id: `nav-${page.title}`, "aria-current": here && page.title === here.title ? "page" : null }, t(page.title))));
  return [
    el("strong", {}, t("app.title")),
    here && el("nav", { "aria-label": t("app.nav") }, el("ul", {}, links)),
    el("div", { class: "tools" },
      here && el("span", { id: "connection", "data-state": connection }, t(`connection.${connection}`)),
      here && el("span", { id: "who" }, t("app.who", { subject, role: word("role", role) })),
      el("button", { id: "language", lang: language === "en" ? "zh" : "en", onclick: () => { speak(language === "en" ? "zh" : "en"); open(); } },
        language === "en" ? "中文" : "English"),
      el("button", { id: "theme", onclick: () => { theme(dark ? "light" : "dark"); localStorage.setItem(THEME, dark ? "light" : "dark"); frame(here); } },
        t(dark ? "app.light" : "app.dark")),
      here && el("button", { id: "sign-out", onclick: () => signOut("signin.left") }, t("app.signOut"))),
  ];
}

function frame(here) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.getElementById("skip").textContent = t("app.skip");
  document.title = here ? `${t(here.title)} · ${t("app.title")}` : t("app.title");
  replace(document.getElementById("header"), header(here));
  lost(here);
}

let lostSince = null;

/** Says that what is shown may be old, as long as it may. */
function lost(here) {
  if (connection !== "lost" || !here) lostSince = null;
  else lostSince ??= new Date().toISOString();
  replace(document.getElementById("lost"), lostSince ? message(t("connection.since", { at: time(lostSince) }), true) : null);
}

function signOut(why) {
  token.clear();
  session?.abort();
  session = null;
  open(why);
}

/** One line to the router for as long as one is signed in. */
function begin() {
  session = new AbortController();
  keepRates(session.signal);
  on("connection", session.signal, () => frame(PAGES.find((page) => page.path.test(location.hash))));
  listen(session.signal, () => signOut("signin.expired"));
}

/** Shows the page that the address names. */
function open(why) {
  leave.abort();
  leave = new AbortController();
  const main = document.getElementById("main");
  announce("");
  if (!token.get()) {
    frame(null);
    signInPage(main, why, () => open());
    return;
  }
  if (!session) begin();
  const here = PAGES.find((page) => page.path.test(location.hash));
  if (!here) {
    location.replace("#/merchant");
    return;
  }
  frame(here);
  const id = here.path.exec(location.hash)[1];
  const signal = leave.signal;
  const refused = (refusal, show) => (refusal.status === 401 ? signOut("signin.expired") : show(sentence(refusal)));
  here.page(main, { id: here.raw ? id : decoded(id), signal, refused });
}

/** A part of the address; one that is not escaped well is taken as it is. */
function decoded(part) {
  try {
    return part && decodeURIComponent(part);
  } catch {
    return part;
  }
}

theme(localStorage.getItem(THEME));
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", () => { open(); document.getElementById("main").focus(); });
open();
