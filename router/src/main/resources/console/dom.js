// Builds the page from text alone: what the router says never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `on…` attributes are listeners, null and false ones are left out, children are nodes or text. */
export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same of a drawing. */
export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Puts new content in; the focus stays on the element of the same id. */
export function replace(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.replaceChildren(...children.flat().filter(Boolean));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** A field with its label above it. */
export function field(id, label, made) {
  made.id = id;
  return el("label", { for: id }, label, made);
}

/** A choice; options are [value, text]. */
export function choice(options, chosen, onchange) {
  return el("select", { onchange: onchange ?? null }, options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
}

/** Says something to those who listen to the page. */
export function announce(text) {
  document.getElementById("announce").textContent = text;
}

/**
 * A table; columns are [heading, class, name], a name where the heading is no text. On a phone each row is a block whose
 * cells have their heading beside them: hence the roles, which a block would lose.
 */
export function table(caption, columns, rows) {
  const cell = (role, name, content, [heading, kind, called]) =>
    el(name, { role, class: kind ?? null, "data-label": called ?? (typeof heading === "string" ? heading : null), scope: name === "th" ? "col" : null }, content);
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { role: "table" },
      el("caption", {}, caption),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) => cell("columnheader", "th", column[0], column)))),
      el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row" }, row.map((content, n) => cell("cell", "td", content, columns[n])))))));
}

/** Names and what stands for them; pairs without a value show a dash. */
export function list(pairs) {
  return el("dl", {}, pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value ?? "–")]).flat());
}

export function message(text, bad) {
  return el("p", { class: bad ? "message bad" : "message", role: bad ? "alert" : null }, text);
}
