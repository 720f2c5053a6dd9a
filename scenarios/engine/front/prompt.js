// A question inside a lesson: asked where it stands, and from then on one of the review's.
// Without this script it is there as it was written, each answer folded.

import { right } from "./answers.js";
import { attend, dayInWords, h } from "./dom.js";
import { graded } from "./machine.js";
import { drawSeed } from "./order.js";
import { browserStore, now, readObject } from "./progress.js";
import { ask, explain, whyNot } from "./question.js";
import { answered, blank, dayOf, keyOf, readSchedule } from "./schedule.js";

export class Prompt {
  constructor(root) {
    this.root = root;
    this.scene = root.querySelector("[data-scene]");
    this.item = JSON.parse(root.querySelector(".prompt-logic").textContent);
    this.key = keyOf(root.dataset.prompts, this.item.id);
    this.store = browserStore("open-by-default:review");
    this.line = h("p", { class: "case-found" });
    root.classList.add("prompt-asking");
    root.append(this.line);
    this.ask();
  }

  get state() {
    return readSchedule(readObject(this.store.read() ?? "null")) ?? blank();
  }

  ask() {
    const until = this.item.until;
    this.stale = graded(until, now().slice(0, 10)) ? null : whyNot(until);
    this.seed = drawSeed();
    this.form = ask(this.scene, this.item, 1, (answer) => this.answered(answer), this.stale, this.seed);
    this.tell();
  }

  /** Say when the question comes back, once it is in the review. */
  tell() {
    const card = this.state.cards[this.key];
    this.line.hidden = !card;
    if (card) this.line.textContent = `Answered on ${dayInWords(card.last)}. It comes back in the review on ${dayInWords(card.due)}.`;
  }

  answered(answer) {
    const good = right(this.item.forms[0], answer);
    const { state, stale } = this;
    const [card, today] = [state.cards[this.key], dayOf(new Date())];
    // Who reads a lesson again before the day has just read the answer, so a longer wait would not be earned.
    if (!card || !good || card.due <= today) {
      const next = answered(state, good || stale !== null, today, stale ? null : card);
      this.store.write(JSON.stringify({ ...state, cards: { ...state.cards, [this.key]: next } }));
    }
    const words = stale ?? (good ? "Right." : "Not right.");
    const result = explain(this.scene, this.item, 1, answer, words, "Ask me again", () => this.again(result), stale, this.seed);
    this.tell();
    attend(this.root, result);
  }

  again(result) {
    this.form.remove();
    result.remove();
    this.ask();
    this.form.querySelector("input").focus();
  }
}

for (const root of document.querySelectorAll(".prompt-root:not(.prompt-asking)")) new Prompt(root);
