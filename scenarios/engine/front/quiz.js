// A quiz: one question at a time; what went wrong comes back at the end.

import { drawnForm, right } from "./answers.js";
import { gauge, h, row } from "./dom.js";
import { graded } from "./machine.js";
import { Player } from "./player.js";
import { now } from "./progress.js";
import { ask, explain, whyNot } from "./question.js";

export class QuizPlayer extends Player {
  /** How often each question was answered on this page; a reload begins with the second form. */
  get tries() {
    return (this.counted ??= new Map());
  }

  get printed() {
    return "Print all questions with their answers";
  }

  /** Which form of a question is asked: the seed draws the first one, and each further try meets the next. */
  formOf(at, tries = 0) {
    return drawnForm(this.logic.items[at], this.progress.seed, tries);
  }

  right(at) {
    return right(this.logic.items[at].forms[this.formOf(at) - 1], this.progress.choices[at]);
  }

  /** Why a question is not graded, or null. While it runs, today counts; afterwards the day on which it was finished. */
  stale(at) {
    const until = this.data.until?.[this.logic.items[at].id];
    return graded(until, (this.progress.finished ?? now()).slice(0, 10)) ? null : whyNot(until);
  }

  /** Questions whose first answer was wrong and that were not answered rightly since. */
  wrong() {
    const missed = this.progress.choices.flatMap((_, at) => (this.right(at) || this.stale(at) ? [] : [at + 1]));
    return missed.filter((number) => !this.progress.mended.includes(number));
  }

  /** The question to ask now, counted from 1; 0 when there is none left. */
  pick() {
    const answered = this.progress.choices.length;
    if (answered < this.logic.items.length) return answered + 1;
    const wrong = this.wrong();
    const later = wrong.filter((at) => at > (this.last ?? 0));
    return later[0] ?? wrong[0] ?? 0;
  }

  draw(focus) {
    this.clear();
    const at = this.pick();
    const again = at > 0 && this.progress.choices.length >= at;
    const id = this.logic.items[at - 1]?.id;
    this.introduce();
    for (const [scene, section] of this.scenes) section.hidden = scene !== id;
    this.sources();
    this.drawBar(at, again);
    this.drawTools();
    const place = at ? this.drawQuestion(this.scenes.get(id), at, again) : this.drawSummary();
    if (focus) this.attend(place);
  }

  drawBar(at, again) {
    const all = this.logic.items.length;
    const words = !at ? `All ${all} questions answered` : again ? `Question ${at} once more; ${this.wrong().length} to come back to`
      : `Question ${at} of ${all}`;
    this.bar.replaceChildren(row(words, gauge(this.progress.choices.length / all)));
    this.status.textContent = `${words}.`;
  }

  drawQuestion(scene, at, again) {
    const number = this.formOf(at - 1, again ? this.tries.get(at) ?? 1 : 0);
    const form = ask(scene, this.logic.items[at - 1], number,
      (answer) => this.answered(scene, at, again, number, answer), this.stale(at - 1), this.progress.seed);
    this.made.push(form, form.querySelector(".case-hint"));
    this.tame();
    return scene.querySelector(".case-title");
  }

  answered(scene, at, again, number, answer) {
    const item = this.logic.items[at - 1];
    const [good, stale] = [right(item.forms[number - 1], answer), this.stale(at - 1)];
    this.notes.replaceChildren();
    const { choices, started, mended } = this.progress;
    if (!again) this.progress = { ...this.progress, choices: [...choices, answer], started: started ?? now() };
    else if (good) this.progress = { ...this.progress, mended: [...mended, at].sort((a, b) => a - b) };
    this.tries.set(at, (this.tries.get(at) ?? (again ? 1 : 0)) + 1);
    this.last = this.progress.choices.length < this.logic.items.length ? 0 : at;
    this.save();
    const verdict = stale ?? (good ? "Right." : "Not right. This question comes back at the end.");
    const onward = this.pick() === 0 ? "See how it went" : "Next question";
    const result = explain(scene, item, number, answer, verdict, onward, () => this.draw("title"), stale, this.progress.seed);
    this.made.push(result);
    this.sources();
    this.drawTools();
    this.attend(result);
  }

  /** The sources at the page's foot answer questions: each is shown once a question that cites it was answered. */
  sources() {
    const foot = this.root.closest("main")?.querySelector(".facts");
    if (!foot) return;
    const hashes = (place) => [...place.querySelectorAll("[data-fact]")].map((link) => link.hash.slice(1));
    const own = new Set(hashes(this.root));
    const told = new Set(this.pick() === 0 ? own : []);
    for (const at of this.progress.choices.keys()) {
      const seen = new Set([0, ...Array(this.tries.get(at + 1) ?? 1).keys()].map((tries) => this.formOf(at, tries)));
      for (const number of seen)
        for (const one of hashes(this.scenes.get(this.logic.items[at].id).querySelector(`[data-form="${number}"]`))) told.add(one);
    }
    const all = [...foot.querySelectorAll("li[id]")].filter((entry) => own.has(entry.id));
    for (const entry of all) entry.hidden = !told.has(entry.id);
    this.later ??= h("p", { class: "case-later" }, "The sources of a question come once you have answered it.");
    this.later.hidden = all.every((entry) => !entry.hidden);
    foot.querySelector("ul")?.before(this.later);
  }

  drawSummary() {
    const counted = this.logic.items.filter((_, at) => !this.stale(at));
    const [all, rest] = [counted.length, this.logic.items.length - counted.length];
    const first = this.logic.items.filter((_, at) => this.right(at) && !this.stale(at)).length;
    this.finish({ right: first, of: all });
    const rows = this.logic.items.map((item, at) => h("li", {}, ...this.title(item.id), ": ",
      this.stale(at) ? "not graded" : this.right(at) ? "right at once" : "right the second time round"));
    const words = (first === all ? `All ${all} right at the first go.`
      : `${first} of ${all} right at the first go. The others came back, and you have them now.`) + (rest ? ` ${rest} not graded.` : "");
    return this.put(h("div", { class: "case-result", role: "group", "aria-label": "How it went" },
      h("p", { class: "case-verdict" }, words), h("ol", {}, ...rows), this.done()), this.tools, "before");
  }
}
