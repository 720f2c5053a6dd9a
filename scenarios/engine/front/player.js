// What cases and quizzes share: where progress is kept, notes, tools, and the words that html.py has put into the page.

import { wholeOnPaper } from "./paper.js";
import { attend, button, copy, download, h, picker } from "./dom.js";
import { holds } from "./machine.js";
import { arrange } from "./order.js";
import { WHOLE, browserStore, dress, fresh, now, ownPart, parse, sendHome } from "./progress.js";

export class Player {
  constructor(root, model) {
    this.root = root;
    this.model = model;
    this.data = JSON.parse(root.querySelector(".case-logic").textContent); // {digest, bounds, logic}
    this.logic = this.data.logic;
    this.scenes = new Map([...root.querySelectorAll("[data-scene]")].map((s) => [s.dataset.scene, s]));
    this.intro = root.querySelector(".case-intro");
    this.people = root.querySelector(".case-people");
    this.store = browserStore(`open-by-default:${this.logic.id}`);
    this.progress = fresh();
    this.notes = h("div", { class: "case-notes", role: "status" });
    this.status = h("p", { class: "case-status", role: "status" });
    this.bar = h("div", { class: "case-bar", role: "group", "aria-label": "Where you stand" });
    this.tools = h("div", { class: "case-tools", role: "group", "aria-label": "Tools" });
    this.file = picker("Load progress from a file", WHOLE, (text) => this.load(text));
    root.classList.add("case-playing");
    root.prepend(this.notes, this.status, this.bar);
    root.append(this.tools, this.file[1]);
    this.made = [];
    this.ended = new AbortController();
    const on = (name, does) => addEventListener(name, does, { signal: this.ended.signal });
    on("storage", (event) => event.key === this.store.key && event.newValue !== null && this.elsewhere(event.newValue));
    this.paper(on);
    model?.on("change:progress", () => this.fromNotebook());
    this.resume();
  }

  /** Paper cannot be unfolded. Newer browsers do this by the style sheet; what is written on unfolding is not there yet. */
  paper(on) {
    let folded = [];
    on("beforeprint", () => {
      if (this.people) this.intro.after(this.people); // on paper, who is who comes first
      for (const list of this.root.querySelectorAll(".case-choices")) arrange(list); // and all is as it was written
      folded = [...this.root.querySelectorAll("details:not([open])")];
      for (const one of folded) {
        one.open = true;
        one.dispatchEvent(new Event("toggle"));
      }
    });
    on("afterprint", () => {
      for (const one of folded) one.open = false;
      this.introduced = null;
      this.introduce();
      this.arrange();
      this.root.classList.remove("case-print-walk");
    });
  }

  resume() {
    const kept = this.model?.get("progress");
    const text = kept?.choices?.length ? JSON.stringify(this.dressed(kept)) : this.store.read();
    const found = text === null ? {} : parse(text, this.data);
    if (found.progress) this.progress = found.progress;
    this.draw();
    if (found.changed) this.tellChanged(found.changed);
    else if (found.progress?.choices.length) {
      this.note("You are where you left off.");
      if (this.model) this.save();
    }
  }

  tellChanged(old) {
    const count = old.choices.length === 1 ? "Your decision" : `Your ${old.choices.length} decisions`;
    this.note(`This case has changed since you last played it. ${count} from before cannot be carried over, so it ` +
      "starts from the beginning. The old progress stays in this browser until you decide something.",
      button("Save the old progress to a file", () => download(`${this.logic.id}-old-progress.json`, old)));
  }

  /** Another tab went on with this case: offer to follow, never jump. */
  elsewhere(text) {
    const found = parse(text, this.data);
    if (found.progress && !this.room) this.note("You went on with this in another tab.",
      button("Go on from there", () => this.adopt(found.progress, "Now at the place of the other tab.")));
  }

  fromNotebook() {
    if (this.room) return;
    const found = parse(JSON.stringify(this.dressed(this.model.get("progress"))), this.data);
    if (!found.progress || JSON.stringify(found.progress) === JSON.stringify(this.progress)) return;
    this.progress = found.progress;
    this.draw();
  }

  dressed(progress = this.progress, schema = "progress/1") {
    return dress(this.data, progress, schema);
  }

  transcript() {
    return this.dressed(this.progress, "transcript/2");
  }

  save() {
    const text = JSON.stringify(this.dressed());
    if (this.room) return void this.room.write(text);
    const kept = this.store.write(text);
    dispatchEvent(new CustomEvent("course-progress"));
    if (!kept && !this.model && !this.told) {
      this.told = true;
      this.note("This browser does not keep your progress. Save it to a file if you want to go on another day.");
    }
    if (this.model) {
      this.model.set("progress", { ...this.progress });
      this.model.save_changes();
    }
  }

  adopt(progress, words) {
    const before = this.progress;
    this.progress = progress;
    this.notes.replaceChildren();
    this.save();
    this.draw("title");
    if (words) this.note(words, before.choices.length
      ? button("Undo", () => this.adopt(before, "")) : null);
  }

  load(text) {
    const own = ownPart(text, (data) => data.cases?.[this.logic.id]);
    if (own === "null") return this.note("This file holds nothing of this case. Nothing was changed.");
    const found = parse(own, this.data);
    if (found.progress) this.adopt(found.progress, "Progress loaded from the file.");
    else this.note(`${found.fault} Nothing was changed.`);
    return undefined;
  }

  note(words, ...actions) {
    this.notes.replaceChildren(h("p", {}, words, ...actions.flatMap((one) => (one ? [" ", one] : []))));
    this.tame();
  }

  /** Note the end of a play; `result` says how it ended, for the page's own account of progress. */
  finish(result) {
    if (this.room) return;
    const first = !this.progress.finished;
    this.progress.finished ??= now();
    if (first) this.save();
    dispatchEvent(new CustomEvent("course-progress", { detail: { [this.logic.id]: { at: this.progress.finished, ...result } } }));
    if (!first) return;
    if (!this.model) sendHome(this.transcript()).then((words) => words && this.note(words));
  }

  /** Put an element into the page until the next drawing. */
  put(element, place, where = "append") {
    place[where](element);
    this.made.push(element);
    return element;
  }

  clear() {
    for (const element of this.made.splice(0)) element.remove();
  }

  /** In JupyterLab a key typed on a focused element runs a command of the notebook unless that element says no. */
  tame() {
    for (const one of this.root.querySelectorAll("a, button, input, textarea, summary, [tabindex]"))
      one.setAttribute("data-lm-suppress-shortcuts", "true");
  }

  startAgain() {
    this.adopt(fresh(this.progress.endings), "You started again.");
  }

  /** What `Print` prints, in words. */
  get printed() {
    return "Print all of it";
  }

  drawTools(...first) {
    const some = this.progress.choices.length > 0;
    this.pages ??= wholeOnPaper(this.root);
    const save = () => download(`${this.logic.id}-progress.json`, this.dressed());
    this.tools.replaceChildren(...first.filter(Boolean),
      ...(some ? [button("Start again", () => this.startAgain())] : []),
      ...(some && !this.room ? [button("Save progress to a file", save)] : []),
      ...(this.room ? [] : [this.file[0]]),
      ...(this.model ? [] : [button(`${this.printed} (${this.pages})`, () => print())]));
    this.tame();
  }

  done(...more) {
    return h("p", { class: "case-done" }, this.model ? "Finished: the transcript is in the notebook. " : "Finished. ",
      button("Download transcript", () => download(`${this.logic.id}-transcript.json`, this.transcript())), ...more);
  }

  title(id) {
    return copy(this.scenes.get(id).querySelector(".case-title"), false);
  }

  item(scene, number) {
    return this.scenes.get(scene).querySelector(`[data-choice="${number}"]`);
  }

  label(scene, number) {
    return copy(this.item(scene, number).querySelector("summary"), false);
  }

  /** What happened or would happen on a choice: its effects, and its feedback as it reads in the state after it. */
  outcome(scene, number, after = null) {
    const item = this.item(scene, number);
    const parts = [".case-effects", ".case-feedback"].map((part) => item.querySelector(part)).filter(Boolean);
    return parts.map((part) => {
      const twin = h("div", { class: part.className }, ...copy(part));
      if (after) this.settle(twin, after);
      return twin;
    });
  }

  /** Show the paragraphs whose condition holds. */
  settle(element, state) {
    for (const part of element.querySelectorAll("[data-when]")) part.hidden = !holds(JSON.parse(part.dataset.when), state);
  }

  /** The introduction stands above the first scene; who is who stays at hand below the later ones, folded. */
  introduce() {
    const first = this.progress.choices.length === 0;
    this.intro.hidden = !first;
    if (!this.people || first === this.introduced) return;
    this.introduced = first;
    this.people.open = first;
    if (first) this.intro.after(this.people);
    else this.tools.before(this.people);
  }

  attend(element) {
    attend(this.root, element);
    this.tame();
  }

  /** Put what is asked now into the order of the play's seed. */
  arrange() {}

  stop() {
    this.ended.abort();
  }
}
