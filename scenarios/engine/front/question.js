// A question: how it is asked, and how every option of it is explained. The quiz and the review share it.

import { button, copy, dayInWords, h } from "./dom.js";
import { right } from "./machine.js";
import { shownOrder } from "./order.js";

const part = (scene, number, query) => copy(scene.querySelector(`[data-choice="${number}"] ${query}`), false);
const options = (item, seed) => shownOrder(Array.from({ length: item.options }, (_, at) => at + 1), seed, item.id);

/** Why a question is not graded: the facts that decide it are past the day by which somebody should have read them again. */
export const whyNot = (until) => "Not graded: what it asks about may have changed. " +
  `Somebody should have read its facts again by ${dayInWords(until, { year: "numeric" })}.`;

/** Put the form of a question below its stem; `answered` gets the positions that were chosen.
    `stale` says why it is not graded; the options stand in the order of `seed`. */
export function ask(scene, item, answered, stale = null, seed = null) {
  const [title, stem] = [".case-title", ".case-stem"].map((query) => scene.querySelector(query));
  scene.querySelector(".case-choices").hidden = true;
  const hint = h("p", { class: "case-hint", id: `${scene.id}-hint` }, item.multiple ? "Choose all that apply." : "Choose one.");
  const fields = options(item, seed).map((n) => h("label", { class: "case-option" },
    h("input", { type: item.multiple ? "checkbox" : "radio", name: `${scene.id}-answer`, value: n }),
    h("span", {}, ...part(scene, n, "summary"))));
  const warn = h("p", { class: "case-warn", role: "alert" });
  const check = h("button", { type: "submit", class: "case-check" }, "Check");
  const form = h("form", { class: "case-form" }, stale ? h("p", { class: "case-stale" }, stale) : null,
    h("fieldset", { "aria-labelledby": `${title.id} ${stem.id} ${hint.id}` }, hint, ...fields), warn, check);
  form.onsubmit = (event) => {
    event.preventDefault();
    const chosen = [...form.querySelectorAll("input:checked")].map((input) => Number(input.value)).sort((a, b) => a - b);
    if (!chosen.length) {
      warn.textContent = "Choose an answer first.";
      form.querySelector("input").focus();
      return;
    }
    warn.remove();
    check.remove();
    for (const input of form.querySelectorAll("input")) input.disabled = true;
    answered(chosen);
  };
  scene.append(form);
  return form;
}

/** Say how it went: the verdict, every option with its explanation, and a button onwards. What is stale was right once. */
export function explain(scene, item, chosen, words, onward, next, stale = null, seed = null) {
  const rows = options(item, seed).map((n) => {
    const fine = item.correct.includes(n);
    const verdict = stale ? (fine ? "Was right" : "Was not right") : fine ? "Right answer" : "Not right";
    const mark = verdict + (chosen.includes(n) ? ", your choice: " : ": ");
    const told = scene.querySelector(`[data-choice="${n}"] .case-feedback`);
    return h("li", { class: stale ? "case-was" : fine ? "case-right" : "case-wrong" },
      h("p", {}, h("span", { class: "case-mark" }, mark), ...part(scene, n, "summary")),
      h("div", { class: "case-feedback" }, ...copy(told)));
  });
  const result = h("div", { class: "case-result", role: "group", "aria-label": "Result" },
    h("p", { class: "case-verdict" }, words), h("ul", {}, ...rows), button(onward, next, "case-check"));
  scene.append(result);
  return result;
}

export const isRight = (item, chosen) => right(item, item.multiple ? chosen : chosen[0]);
