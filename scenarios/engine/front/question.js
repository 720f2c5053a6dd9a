// A question: how a form of it is asked, and how every option is explained. The quiz and the review share it.

import { LONGEST_ANSWER, meant, readable } from "./answers.js";
import { button, copy, dayInWords, h } from "./dom.js";
import { shownOrder } from "./order.js";

const variant = (scene, number) => scene.querySelector(`[data-form="${number}"]`);
const part = (place, number, query) => copy(place.querySelector(`[data-choice="${number}"] ${query}`), false);
const options = (item, number, seed) =>
  shownOrder(Array.from({ length: item.forms[number - 1].options }, (_, at) => at + 1), seed, `${item.id}#${number}`);

/** Why a question is not graded: the facts that decide it are past the day by which somebody should have read them again. */
export const whyNot = (until) => "Not graded: what it asks about may have changed. " +
  `Somebody should have read its facts again by ${dayInWords(until, { year: "numeric" })}.`;

const hintOf = (form) => (form.asks === "number" ? `Type a number${form.unit ? ` in ${form.unit}` : ""}.`
  : form.asks === "text" ? "Type one or a few words." : form.multiple ? "Choose all that apply." : "Choose one.");

/** What a learner fills in: boxes in the order of the seed, or a line to write on. */
function fieldsOf(scene, item, number, seed) {
  const form = item.forms[number - 1];
  if (form.asks === "choice") return options(item, number, seed).map((n) => h("label", { class: "case-option" },
    h("input", { type: form.multiple ? "checkbox" : "radio", name: `${scene.id}-answer`, value: n }),
    h("span", {}, ...part(variant(scene, number), n, "summary"))));
  const decimal = form.asks === "number" ? { inputmode: "decimal" } : {};
  const line = h("input", { type: "text", maxlength: LONGEST_ANSWER, autocomplete: "off", ...decimal });
  return [h("label", { class: "case-typing" }, h("span", {}, "Your answer"), line, form.unit ? h("span", {}, form.unit) : null)];
}

/** What was chosen or typed; words for the learner where that is no answer. */
function read(element, form) {
  if (form.asks !== "choice") {
    const text = element.querySelector("input").value.trim();
    if (readable(form, text)) return { answer: text };
    return { fault: form.asks === "number" ? "Type one number, such as 12.5, without separators for thousands." : "Type an answer first." };
  }
  const chosen = [...element.querySelectorAll("input:checked")].map((input) => Number(input.value)).sort((a, b) => a - b);
  return chosen.length ? { answer: form.multiple ? chosen : chosen[0] } : { fault: "Choose an answer first." };
}

/** Ask a form of a question; `answered` gets what was chosen or typed.
    `stale` says why it is not graded; the options stand in the order of `seed`. */
export function ask(scene, item, number, answered, stale = null, seed = null) {
  for (const one of scene.querySelectorAll("[data-form]")) one.hidden = one.dataset.form !== String(number);
  const place = variant(scene, number);
  const [title, stem] = [scene.querySelector(".case-title"), place.querySelector(".case-stem")];
  place.querySelector(".case-choices").hidden = true;
  const asked = item.forms[number - 1];
  const hint = h("p", { class: "case-hint", id: `${scene.id}-hint` }, hintOf(asked));
  const warn = h("p", { class: "case-warn", role: "alert" });
  const check = h("button", { type: "submit", class: "case-check" }, "Check");
  const form = h("form", { class: "case-form" }, stale ? h("p", { class: "case-stale" }, stale) : null,
    h("fieldset", { "aria-labelledby": `${title.id} ${stem.id} ${hint.id}` }, hint, ...fieldsOf(scene, item, number, seed)), warn, check);
  form.onsubmit = (event) => {
    event.preventDefault();
    const { answer, fault } = read(form, asked);
    if (fault) {
      warn.textContent = fault;
      form.querySelector("input").focus();
      return;
    }
    warn.remove();
    check.remove();
    for (const input of form.querySelectorAll("input")) input.disabled = true;
    answered(answer);
  };
  scene.append(form);
  return form;
}

/** Say how it went: the verdict, every option with its explanation, and a button onwards. What is stale was right once. */
export function explain(scene, item, number, answer, words, onward, next, stale = null, seed = null) {
  const form = item.forms[number - 1];
  const place = variant(scene, number);
  const chosen = typeof answer === "string" ? [meant(form, answer)] : [answer].flat();
  const [rightly, wrongly, yours] = form.asks === "choice" ? ["Right answer", "Not right", "choice"] : ["Right answer", "A likely slip", "answer"];
  const rows = options(item, number, seed).map((n) => {
    const fine = form.correct.includes(n);
    const verdict = stale ? (fine ? "Was right" : "Was not right") : fine ? rightly : wrongly;
    const mark = verdict + (chosen.includes(n) ? `, your ${yours}: ` : ": ");
    const told = place.querySelector(`[data-choice="${n}"] .case-feedback`);
    return h("li", { class: stale ? "case-was" : fine ? "case-right" : "case-wrong" },
      h("p", {}, h("span", { class: "case-mark" }, mark), ...part(place, n, form.asks === "choice" ? "summary" : ".case-typed")),
      h("div", { class: "case-feedback" }, ...copy(told)));
  });
  const result = h("div", { class: "case-result", role: "group", "aria-label": "Result" },
    h("p", { class: "case-verdict" }, words),
    typeof answer === "string" ? h("p", { class: "case-chose" }, h("span", {}, "You wrote: "), answer) : null,
    h("ul", {}, ...rows), button(onward, next, "case-check"));
  scene.append(result);
  return result;
}
