// Small pieces of a page.

const MINUS = "\u2212";
export const UNITS = { min: "minutes", h: "hours", d: "days" };

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on") || name === "hidden" || name === "tabIndex" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, onclick, kind = "case-tool") => h("button", { type: "button", class: kind, onclick }, text);

/** The content of an element once more: without ids (they must stay unique) and, inside a button, without links. */
export function copy(element, links = true) {
  const twin = element.cloneNode(true);
  for (const one of twin.querySelectorAll("[id]")) one.removeAttribute("id");
  for (const one of twin.querySelectorAll(".headerlink")) one.remove();
  if (!links) for (const one of twin.querySelectorAll("a")) one.replaceWith(...one.childNodes);
  return [...twin.childNodes];
}

export const signed = (number) => (number > 0 ? `+${number}` : number < 0 ? `${MINUS}${-number}` : "0");

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const picture = (name, ...children) =>
  svg("svg", { viewBox: "0 0 96 32", class: "case-trace", ...(name ? { role: "img", "aria-label": name } : { "aria-hidden": "true" }) }, ...children);

/** A stepped line of one axis over the decisions so far, with its zero; the number stands beside it as text. */
export function trace(name, values, from, to) {
  const [wide, high, pad] = [96, 32, 5];
  const low = Math.min(from, 0, ...values);
  const span = Math.max(to, 0, ...values) - low || 1;
  const x = (at) => pad + (at * (wide - 2 * pad)) / Math.max(values.length - 1, 8);
  const y = (value) => high - pad - ((value - low) * (high - 2 * pad)) / span;
  let path = `M${x(0)} ${y(values[0])}`;
  values.slice(1).forEach((value, at) => (path += `H${x(at + 1)}V${y(value)}`));
  return picture(`${name}, decision by decision: ${values.map(signed).join(", ")}`,
    svg("line", { x1: 0, x2: wide, y1: y(0), y2: y(0), class: "case-zero" }),
    svg("path", { d: path, class: "case-line" }),
    svg("circle", { cx: x(values.length - 1), cy: y(values.at(-1)), r: 3.5, class: "case-point" }));
}

/** How much of something is used up, with marks on the way; the words for it stand beside it. */
export function gauge(share, marks = []) {
  return picture("", svg("rect", { x: 2, y: 13, width: 92, height: 6, rx: 3, class: "case-track" }),
    svg("rect", { x: 2, y: 13, width: 92 * Math.min(share, 1), height: 6, rx: 3, class: "case-used" }),
    ...marks.map((at) => svg("rect", { x: 1 + 92 * at, y: 9, width: 2, height: 14, class: "case-point" })));
}

/** One row of where the learner stands: a name, a picture, a value. */
export const row = (name, drawn, value, kind = "") => h("div", { class: `case-axis${kind}` },
  h("span", { class: "case-name" }, name), drawn, value === undefined ? null : h("span", { class: "case-value" }, value));

/** A day, YYYY-MM-DD, as people write it. */
export function dayInWords(day, more = {}) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date).toLocaleDateString("en-GB", { day: "numeric", month: "long", ...more });
}

export function download(name, data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1) + "\n"], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** A button that asks for a file, and the text of the file for whoever asked; null when it is too long. */
export function picker(words, limit, take) {
  const file = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: async () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) take(chosen.size > limit ? null : await chosen.text());
  } });
  return [button(words, () => file.click()), file];
}

/** Bring the top of a part of the page into view when it is out of it, and move the focus without a second jump. */
export function attend(root, element) {
  const top = root.getBoundingClientRect().top;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (top < 0 || top > innerHeight / 2) root.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
