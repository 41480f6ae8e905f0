import { call, token } from "./api.js";
import { announce, el, message, replace } from "./dom.js";
import { sentence, t } from "./texts.js";

/** Asks for a token, and tries it before the console opens. */
export function signInPage(main, why, signedIn) {
  const said = el("div", { id: "said", role: "alert" }, why ? message(t(why)) : null);
  const field = el("input", { id: "token", type: "password", autocomplete: "off", required: true, "aria-describedby": "token-hint" });
  const button = el("button", { class: "first", id: "sign-in" }, t("signin.go"));

  async function tryToken(event) {
    event.preventDefault();
    token.set(field.value.trim());
    button.disabled = true;
    try {
      await call("/v1/unposted");
      signedIn();
      main.focus();
    } catch (refusal) {
      token.clear();
      const text = refusal.status === 401 ? t("signin.refused") : refusal.status === 403 ? t("signin.role") : sentence(refusal);
      replace(said, message(text, true));
      field.focus();
    } finally {
      button.disabled = false;
    }
  }

  replace(main,
    el("h1", {}, t("signin.title")),
    said,
    el("section", {},
      el("form", { onsubmit: tryToken }, el("label", { for: "token" }, t("signin.token"), field), button),
      el("p", { id: "token-hint", class: "quiet" }, t("signin.hint"), " ", el("code", {}, "bin/settle token --role checker --subject me"))));
  if (!why) field.focus();
  else announce(t(why));
}
