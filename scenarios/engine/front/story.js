// A case: one scene at a time, what each decision did, and at the end every fork once more.

import { UNITS, button, gauge, h, row, signed, trace } from "./dom.js";
import { deadlines, nextDeadline, offered, sceneOf, scout, take, walk } from "./machine.js";
import { arrange, shownOrder } from "./order.js";
import { walkOnPaper } from "./paper.js";
import { Player } from "./player.js";
import { MOST_NOTE, back, givenUp, now, sendHome } from "./progress.js";
import { enterRoom, leaveRoom, resumeRoom } from "./room.js";

const [LOOK, LONGEST_LOOK] = [20, 4000]; // milliseconds: of one look ahead, and of all of them
const times = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

export class StoryPlayer extends Player {
  resume() {
    super.resume();
    resumeRoom(this);
  }

  get printed() {
    return "Print the whole case as a paper game";
  }

  /** The steps of a walk at which there was something to choose: one way on is no decision. */
  forks(choices = this.progress.choices, states = this.states) {
    return [...choices.keys()].filter((at) => offered(this.logic, states[at]).length > 1);
  }

  /** Where each decision left the learner: at the next one, or at the end. */
  after() {
    const forks = this.forks();
    return forks.map((_, at) => this.states[forks[at + 1] ?? this.states.length - 1]);
  }

  draw(focus) {
    const { choices } = this.progress;
    this.states = walk(this.logic, choices);
    const state = this.states.at(-1);
    const scene = this.scenes.get(state.scene);
    this.clear();
    this.introduce();
    for (const [id, section] of this.scenes) section.hidden = id !== state.scene;
    this.settle(scene, state);
    this.drawBar(state);
    const said = choices.length ? this.drawSaid(scene) : null;
    const ended = sceneOf(this.logic, state.scene).ending;
    if (ended) this.drawEnding(scene);
    else this.drawChoices(scene, state);
    if (!ended && choices.length) this.drawTrail(scene);
    this.drawTools(choices.length ? button("Back one decision", () => this.back()) : null);
    this.tools.append(this.room ? button("Leave class mode", () => leaveRoom(this)) : button("Discuss in class", () => enterRoom(this)));
    this.tame();
    if (focus) this.attend((focus === "said" && said) || scene.querySelector(".case-title"));
  }

  axisName(axis) {
    return this.root.querySelector(`[data-axis="${axis}"]`).textContent;
  }

  /** The time used, against the deadline that comes next. */
  time(state) {
    const [unit, next] = [UNITS[this.logic.clock.unit], nextDeadline(this.logic, state)];
    return next ? `${state.clock} of ${next.at} ${unit}` : `${state.clock} ${unit}`;
  }

  /** What was missed on the way from one state to the next, in the author's words. */
  missed(before, after) {
    const names = deadlines(this.logic).map((one) => one.name).filter((name) => after.flags[name] && !before?.flags[name]);
    return names.map((name) => this.root.querySelector(`[data-deadline="${name}"]`).textContent);
  }

  /** Scores and clock; a class sees the clock alone. */
  drawBar(state) {
    const { clock } = this.logic;
    const axes = this.showsScores(state) ? this.logic.axes : [];
    const way = [this.states[0], ...this.after()];
    const names = axes.map((axis) => this.axisName(axis));
    const rows = axes.map((axis, at) => row(names[at],
      trace(names[at], way.map((one) => one.axes[axis]), ...this.data.bounds[axis]), signed(state.axes[axis])));
    const missed = this.missed(null, state);
    const [last, marks] = [clock?.deadlines.at(-1).at, deadlines(this.logic).slice(0, -1)];
    if (clock) rows.push(row("Time", gauge(state.clock / last, marks.map((one) => one.at / last)), this.time(state),
      missed.length ? " case-late" : ""));
    this.bar.replaceChildren(...rows);
    const words = axes.map((axis, at) => `${names[at]} ${signed(state.axes[axis])}`);
    if (clock) words.push([`${this.time(state)} used`, ...missed].join(", "));
    const so = `${times(way.length - 1, "decision", "decisions")} so far.`;
    this.status.textContent = words.length ? `${so} ${words.join(", ")}.` : so;
  }

  /** Figures after each choice would tell whoever tries them all; so they wait for the end, unless the case says otherwise. */
  showsScores(state) {
    return !this.room && (this.data.scores === "always" || Boolean(sceneOf(this.logic, state.scene).ending));
  }

  /** What a choice brought, while the play goes on: its time and its feedback. */
  brought(scene, number, after) {
    const parts = this.outcome(scene, number, after);
    if (this.data.scores === "always") return parts;
    for (const gain of parts.flatMap((part) => [...part.querySelectorAll(".case-gain")])) gain.remove();
    return parts.filter((part) => part.textContent.trim());
  }

  drawSaid(scene) {
    const at = this.progress.choices.length - 1;
    const [before, number] = [this.states[at], this.progress.choices[at]];
    const late = this.missed(before, this.states[at + 1]);
    return this.put(h("div", { class: "case-said", role: "group", "aria-label": this.room ? "The decision" : "Your decision" },
      h("p", { class: "case-chose" }, h("span", {}, this.chose()), ...this.label(before.scene, number)),
      ...this.brought(before.scene, number, this.states[at + 1]),
      ...late.map((words) => h("p", { class: "case-deadline" }, `Meanwhile: ${words}.`))), scene, "before");
  }

  drawChoices(scene, state) {
    const open = this.arrange();
    for (const item of scene.querySelectorAll("[data-choice]")) {
      const number = Number(item.dataset.choice);
      item.hidden = !open.includes(number);
      item.querySelector("details").hidden = true;
      if (!item.hidden) this.put(h("button", { type: "button", class: "case-choice", onclick: () => this.choose(number) },
        h("span", {}, ...this.label(state.scene, number))), item);
    }
    this.made.push(...(this.room?.vote(scene, open) ?? []));
  }

  arrange() {
    const state = this.states.at(-1);
    const open = shownOrder(offered(this.logic, state), this.progress.seed, state.scene);
    const list = this.scenes.get(state.scene).querySelector(".case-choices");
    if (list) arrange(list, open);
    return open;
  }

  choose(number) {
    this.notes.replaceChildren();
    const { choices, started } = this.progress;
    this.progress = { ...this.progress, choices: [...choices, number], started: started ?? now(), finished: null };
    this.save();
    this.draw("said");
  }

  back(to = this.forks().at(-1) ?? 0) {
    this.notes.replaceChildren();
    this.progress = back(this.progress, to);
    this.save();
    this.draw("title");
  }

  /** In the middle of a play, starting again is going back; after an ending it is a new play. */
  startAgain() {
    if (this.progress.finished || this.room) return super.startAgain();
    this.adopt(back(this.progress, 0), "You started again.");
  }

  /** The way so far, folded, with a way back to each decision. */
  drawTrail(scene) {
    const rows = this.forks().map((at, count) => h("li", {}, ...this.decision(at, this.progress.choices[at]), " ",
      button(`Go back to decision ${count + 1}`, () => this.back(at))));
    const { revised } = this.progress;
    const more = revised.length ? ` You went back ${revised.length === 1 ? "once" : `${revised.length} times`} so far.` : "";
    this.put(h("details", { class: "case-trail" }, h("summary", {}, this.room ? "The way so far" : "Your way so far"), h("ol", {}, ...rows),
      this.room ? null : h("p", {}, `You may go back; your transcript says that you did.${more}`)), scene);
  }

  /** A decision in words: where, and what. */
  decision(at, number, states = this.states) {
    return [h("span", { class: "case-where" }, ...this.title(states[at].scene)), h("br"),
      h("span", { class: "case-mark" }, this.chose()), ...this.label(states[at].scene, number)];
  }

  chose() {
    return this.room ? "The class chose: " : "You chose: ";
  }

  drawEnding(scene) {
    const here = this.states.at(-1).scene;
    if (!this.room && !this.progress.endings.includes(here)) {
      this.progress = { ...this.progress, endings: [...this.progress.endings, here] };
      if (this.progress.finished) this.save();
    }
    this.finish({ ending: here });
    const level = scene.querySelector(".case-debrief h2, .case-debrief h3, .case-debrief h4, .case-debrief h5")?.tagName ?? "H3";
    const forks = this.forks();
    const rows = this.progress.choices.flatMap((number, at) => forks.includes(at)
      ? this.review(this.states[at], number, at, forks.indexOf(at) + 1) : this.led(at, number));
    const words = this.room ? "The decisions, and what else there was" : "Your decisions, and what else there was";
    const review = h("section", { class: "case-review" }, h(level, {}, words), h("ol", {}, ...rows));
    if (!this.room) {
      const walkOnly = button(`Print my walk and what else there was (${walkOnPaper(this.root, [scene, review])})`, () => {
        this.root.classList.add("case-print-walk");
        print();
      });
      this.put(this.noted(), scene);
      this.put(this.done(...(this.model ? [] : [walkOnly])), scene);
      this.put(this.found(), scene);
    }
    this.put(review, scene);
    if (!this.room) review.append(...this.takenBack(), this.figures());
  }

  /** Two sentences about the play: without them it counts towards no award. */
  noted() {
    const area = h("textarea", { rows: 3, maxLength: MOST_NOTE });
    area.value = this.progress.note;
    const keep = () => {
      if (area.value === this.progress.note) return;
      this.progress = { ...this.progress, note: area.value };
      this.save();
    };
    area.addEventListener("change", keep);
    const send = button("Keep the note", () => {
      keep();
      this.note("The note is kept with your play.");
      if (!this.model) sendHome(this.transcript()).then((words) => words && this.note(words));
    });
    return h("div", { class: "case-note" },
      h("label", {}, "Two sentences: what would you decide otherwise now, and why? ",
        "Without them the case counts towards no award.", area), send);
  }

  /** Which endings this learner has seen: the others keep their names to themselves. */
  found() {
    const all = this.logic.scenes.filter((scene) => scene.ending).length;
    const seen = this.progress.endings.length;
    return h("p", { class: "case-found" }, seen === all ? `You have seen all ${all} endings.`
      : `You have seen ${seen} of ${all} endings. `, seen === all ? null : "Another way through may look quite different.");
  }

  /** One decision of the walk; unfolded, what each other choice would have led to. */
  review(state, number, at, count) {
    const made = h("span", { class: "case-fold" }, ...this.decision(at, number));
    const others = offered(this.logic, state).filter((one) => one !== number).map((one) => this.other(state, one));
    const again = h("button", { type: "button", class: "case-tool", onclick: () => this.back(at) },
      "Decide again here", h("span", { class: "case-status" }, ` (decision ${count})`));
    const own = h("div", { class: "case-own" }, ...this.outcome(state.scene, number, this.states[at + 1]));
    const fold = h("details", {}, h("summary", {}, made), own, h("ul", {}, ...others.map(([item]) => item)), again);
    // Looking ahead costs; so it waits until somebody looks, and paper does not wait.
    fold.addEventListener("toggle", (event) => others.forEach(([, look]) => look(event.isTrusted)), { once: true });
    return h("li", {}, fold);
  }

  /** A step without a choice: told where something came of it, and not counted. */
  led(at, number) {
    const told = this.outcome(this.states[at].scene, number, this.states[at + 1]).some((part) => part.textContent.trim());
    return told ? [h("li", { class: "case-led" }, h("span", { class: "case-fold" }, ...this.decision(at, number)))] : [];
  }

  other(state, number) {
    const after = take(this.logic, state, number);
    const far = h("p", { class: "case-onward" });
    const item = h("li", {}, h("p", { class: "case-other" }, ...this.label(state.scene, number)),
      ...this.outcome(state.scene, number, after),
      h("p", { class: "case-onward" }, "Leads to: ", ...this.title(after.scene)), far);
    const look = (calmly) => {
      if (sceneOf(this.logic, after.scene).ending) return far.remove();
      const view = scout(this.logic, after);
      let turns = calmly ? LONGEST_LOOK / LOOK : 1;
      const on = () => {
        const done = view.step(calmly ? LOOK : 3 * LOOK);
        turns -= 1;
        if (done || turns <= 0) far.append(...this.reach(view.endings(), done));
        else setTimeout(on);
      };
      return on();
    };
    return [item, look];
  }

  /** What is still within reach, in words. */
  reach(endings, all) {
    if (!endings.length) return [];
    const names = endings.flatMap((id, at) => [at ? "; " : "", h("em", {}, ...this.endingName(id))]);
    return [!all ? "From there still within reach, and perhaps others: "
      : endings.length === 1 ? "From there every way ends in: " : "From there still within reach: ", ...names];
  }

  endingName(id) {
    const [first, ...rest] = this.title(id);
    if (first.nodeType === Node.TEXT_NODE) first.nodeValue = first.nodeValue.replace(/^Ending: /, "");
    return [first, ...rest];
  }

  /** What was decided first and then taken back. */
  takenBack() {
    const { revised } = this.progress;
    if (!revised.length) return [];
    const rows = givenUp(this.progress).map((choices, at) => {
      const place = revised[at].at;
      const states = walk(this.logic, choices);
      const rest = this.forks(choices, states).filter((one) => one > place).length;
      return h("li", {}, ...this.decision(place, choices[place], states),
        rest ? ` (and ${times(rest, "decision", "decisions")} after it)` : null);
    });
    return [h("details", { class: "case-taken" }, h("summary", {}, `What you took back (${revised.length})`), h("ol", {}, ...rows))];
  }

  /** The bar's pictures as a table: where each decision left the learner. */
  figures() {
    const { axes, clock } = this.logic;
    const cells = (state) => [...axes.map((axis) => signed(state.axes[axis])), ...(clock ? [`${state.clock}`] : [])];
    const head = ["After decision", ...axes.map((axis) => this.axisName(axis)), ...(clock ? [`Time (${UNITS[clock.unit]})`] : [])];
    const rows = this.after().map((state, at) => h("tr", {}, h("th", { scope: "row" }, `${at + 1}`),
      ...cells(state).map((text) => h("td", {}, text))));
    const table = h("table", {}, h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, ...rows));
    return h("details", { class: "case-figures" }, h("summary", {}, "Decision by decision, in figures"),
      h("div", { class: "case-scroll", role: "group", "aria-label": "Figures, decision by decision", tabIndex: 0 }, table));
  }
}
