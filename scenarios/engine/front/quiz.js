// A quiz: one question at a time; what went wrong comes back at the end.

import { gauge, h, row } from "./dom.js";
import { graded, right } from "./machine.js";
import { Player } from "./player.js";
import { now } from "./progress.js";
import { ask, explain, isRight, whyNot } from "./question.js";

export class QuizPlayer extends Player {
  get printed() {
    return "Print all questions with their answers";
  }

  right(at) {
    return right(this.logic.items[at], this.progress.choices[at]);
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
    const form = ask(scene, this.logic.items[at - 1], (chosen) => this.answered(scene, at, again, chosen), this.stale(at - 1), this.progress.seed);
    this.made.push(form, form.querySelector(".case-hint"));
    this.tame();
    return scene.querySelector(".case-title");
  }

  answered(scene, at, again, chosen) {
    const item = this.logic.items[at - 1];
    const [good, stale] = [isRight(item, chosen), this.stale(at - 1)];
    this.notes.replaceChildren();
    const { choices, started, mended } = this.progress;
    if (!again) this.progress = { ...this.progress, choices: [...choices, item.multiple ? chosen : chosen[0]], started: started ?? now() };
    else if (good) this.progress = { ...this.progress, mended: [...mended, at].sort((a, b) => a - b) };
    this.last = this.progress.choices.length < this.logic.items.length ? 0 : at;
    this.save();
    const verdict = stale ?? (good ? "Right." : "Not right. This question comes back at the end.");
    const onward = this.pick() === 0 ? "See how it went" : "Next question";
    const result = explain(scene, item, chosen, verdict, onward, () => this.draw("title"), stale, this.progress.seed);
    this.made.push(result);
    this.drawTools();
    this.attend(result);
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
