// How an operator acts on exceptions: says what and why, sees of how much, and orders it. Nothing is done before that is seen.
import { call, uuid } from "./api.js";
import { announce, choice, el, field, message, replace, table } from "./dom.js";
import { count, time, total } from "./money.js";
import { progress } from "./orders.js";
import { t, word } from "./texts.js";

const ACTIONS = ["RELEASE", "HOLD", "REROUTE", "HAND_OVER"];

/**
 * The form, and { picked } to be called when other credits are picked.
 *
 * filter: what else can be acted on as a whole, when it has a field; undefined: there is only what is picked
 */
export function actions({ filter, picked, signal, refused, changed }) {
  const said = el("div", { id: "act-said", role: "status" });
  const outcome = el("div", { id: "outcome" });
  // What is offered is ordered as it was seen: whatever is said otherwise afterwards takes the offer back.
  let offered = null;
  const forget = () => { if (offered) replace(outcome); offered = null; };
  const action = choice(ACTIONS.map((one) => [one, word("action", one)]), "RELEASE", () => { shape(); reconsider(); });
  const scope = choice([["picked", ""], ["filter", t("act.filter")]], "picked", () => reconsider());
  const assignee = el("input", { maxlength: "100", autocomplete: "off", oninput: () => reconsider() });
  const reason = el("input", { maxlength: "200", required: true, autocomplete: "off", oninput: () => reconsider() });
  const assigneeField = field("act-assignee", t("exceptions.assignee"), assignee);
  const hint = el("p", { class: "quiet", id: "act-hint" });
  const preview = el("button", { class: "first", id: "preview" }, t("act.preview"));
  const form = el("form", { onsubmit: (event) => { event.preventDefault(); ask(); } },
    field("act-action", t("act.what"), action),
    filter ? field("act-scope", t("act.which"), scope) : null,
    assigneeField, field("act-reason", t("act.why"), reason), preview);

  function shape() {
    assigneeField.hidden = action.value !== "HAND_OVER";
    assignee.required = action.value === "HAND_OVER";
    hint.textContent = word("actionHint", action.value);
  }

  function relabel() {
    scope.options[0].textContent = t("act.picked", { count: count(picked.size) });
    scope.options[1].disabled = !filter || Object.keys(filter).length === 0;
  }

  function target() {
    return filter && scope.value === "filter" ? { filter } : { creditIds: [...picked].sort() };
  }

  function wanted() {
    const who = action.value === "HAND_OVER" ? { assignee: assignee.value.trim() } : {};
    return { action: action.value, ...target(), reason: reason.value.trim(), ...who };
  }

  function reconsider() {
    if (offered !== JSON.stringify(wanted())) forget();
  }

  async function guarded(button, work) {
    button.disabled = true;
    replace(said);
    try {
      await work();
    } catch (refusal) {
      if (signal.aborted) return;
      refused(refusal, (text) => { replace(said, message(text, true)); if (refusal.code === "exceptions-changed") forget(); });
    } finally {
      button.disabled = false;
    }
  }

  function ask() {
    const { reason: why, assignee: who, ...selection } = wanted();
    if (selection.creditIds?.length === 0) {
      replace(said, message(t("act.nothingPicked"), true));
      return;
    }
    const asked = JSON.stringify(wanted());
    guarded(preview, async () => {
      const seen = await call("/v1/exceptions/preview", { method: "POST", body: selection });
      if (signal.aborted || asked !== JSON.stringify(wanted())) return;
      const body = { orderId: uuid(), ...selection, asOf: seen.asOf, reason: why, assignee: who, expected: { count: seen.count, amountMinor: seen.amountMinor } };
      offered = asked;
      replace(outcome, offer(seen, body));
      document.getElementById("preview-title").focus();
    });
  }

  /** The same order again, after no answer came, is the same order to the router. */
  function offer(seen, body) {
    const doing = body.assignee ? t("act.to", { action: word("action", seen.action), assignee: body.assignee }) : word("action", seen.action);
    const values = { action: doing, count: count(seen.count), amount: total(seen.amountMinor) };
    const confirm = el("button", { class: "first", id: "confirm", onclick: () => guarded(confirm, async () => {
      const order = await call("/v1/exceptions/orders", { method: "POST", body });
      if (signal.aborted) return;
      announce(t("act.ordered"));
      offered = null;
      replace(outcome, progress(order, { signal, refused, changed }));
      reason.value = "";
      changed();
    }) }, t("act.confirm", values));
    return el("section", { id: "preview-shown", "aria-labelledby": "preview-title" },
      el("h3", { id: "preview-title", tabindex: "-1" }, t("act.previewTitle")),
      el("p", { class: "sentence", id: "preview-sentence" }, seen.count === 0 ? t("act.none") : t("act.previewed", { ...values, since: time(seen.oldestSince) ?? "–" })),
      seen.skipped.length === 0 ? null : table(t("act.skipped"), [[t("reason")], [t("sales"), "amount"], [t("amount"), "amount"]],
        seen.skipped.map((one) => [word("skip", one.why), count(one.count), total(one.amountMinor)])),
      el("p", { class: "pager" }, seen.count === 0 ? null : confirm, el("button", { id: "cancel", onclick: forget }, t("act.cancel"))));
  }

  shape();
  relabel();
  return {
    shown: el("section", { id: "act", "aria-labelledby": "act-title" }, el("h2", { id: "act-title" }, t("act.title")), form, hint, said, outcome),
    picked() { relabel(); reconsider(); },
  };
}
