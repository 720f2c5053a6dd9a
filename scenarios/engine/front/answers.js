// Answers to a question, and which form of it is asked: scenarios/engine/answers.py once more; a test compares the two.

import { shownOrder } from "./order.js";

export const LONGEST_ANSWER = 80; // characters that are typed
const ARTICLES = ["the ", "a ", "an "];
const PERCENT = { percent: "%", "per cent": "%" };
// A comma before exactly three digits is a decimal sign for some readers and none for others.
const TYPED_NUMBER = /^([+-]?)([0-9]{1,12})(?:([.,])([0-9]{1,12}))?[ ]?([^0-9].*)?$/su;
const trimmed = (text) => text.replace(/[ \t\r\n]+/g, " ").replace(/^ +| +$/g, "");

/** The form of an item, from 1, that a seed draws; each further try shows the next one. */
export function drawnForm(item, seed, tries = 0) {
  const numbers = shownOrder(item.forms.map((_, at) => at + 1), seed, `${item.id}#form`);
  return numbers[tries % numbers.length];
}

/** Words so that case, punctuation, an article and blanks do not matter. */
export function normalWords(text) {
  const words = trimmed(text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, " "));
  return words.slice((ARTICLES.find((each) => words.startsWith(each)) ?? "").length);
}

function unitName(text) {
  const name = text.normalize("NFKC").toLowerCase().replace(/^ +| +$/g, "");
  return PERCENT[name] ?? name.replace(/s$/, "");
}

/** A number that somebody typed, with or without its unit; null when it is none, or two. */
export function readNumber(text, unit) {
  const small = trimmed(text.normalize("NFKC").replaceAll("\u2212", "-").toLowerCase()).replace(/(?<=[0-9]) (?=[0-9])/g, "");
  const [, sign, whole, mark, part, rest] = TYPED_NUMBER.exec(small) ?? [];
  const said = (rest ?? "").replace(/[. ]+$/, "");
  if (whole === undefined || (said && unitName(said) !== unitName(unit)) || (mark === "," && part.length === 3)) return null;
  return Number(`${sign}${whole}.${part ?? 0}`);
}

/** Can something that was typed be an answer, right or wrong? */
export const readable = (form, text) => (form.asks === "number" ? readNumber(text, form.unit) !== null : normalWords(text) !== "");

/** The option of a form that a typed answer matches, from 1; 0 when it matches none. */
export function meant(form, text) {
  if ([...text].length > LONGEST_ANSWER) return 0;
  const value = form.asks === "number" ? readNumber(text, form.unit) : null;
  const words = normalWords(text);
  const fits = (each) => (form.asks !== "number" ? each.includes(words)
    : value !== null && Number(each[0]) <= value && value <= Number(each[1]));
  return form.typed.findIndex(fits) + 1;
}

/** Is this the full answer to a form? */
export function right(form, answer) {
  if (typeof answer === "string") return form.correct.includes(meant(form, answer));
  return [answer].flat().join() === form.correct.join();
}
