// The page "Your progress": an unsigned report of what was read, tried, played, answered and practised.
// `make progress` writes the same from the workspace (coursebook/progress/report.py).

import { button, download, h, picker } from "./dom.js";
import { readObject } from "./progress.js";
import { dayOfAt, inHours, leftFor, standingOf, standingOfModule } from "./standing.js";
import { LONGEST_FILE } from "./state.js";

export const UNSIGNED = "Unsigned and self-reported: this report was made by the learner's own computer from what it had kept, and nobody has checked it. A signed record needs an institution that graded the work.";

const COURSE = "Open by Default, Guarded by Design: research security for quantum science";

export class Report {
  constructor(root, keeper, linkTo) {
    Object.assign(this, { root, keeper, linkTo });
    this.notes = h("div", { class: "case-notes", role: "status" });
    this.who = h("p", { class: "report-who" });
    this.name = h("input", { id: "report-name", maxlength: 80, autocomplete: "name", oninput: () => this.sign() });
    this.made = h("p", { class: "report-made" });
    this.place = h("div", {});
    const tools = h("div", { class: "report-tools", role: "group", "aria-label": "Tools" },
      button("Print the report", () => print()), button("Save all progress to a file", () => download("course-progress.json", keeper.whole())),
      ...picker("Load progress from a file", LONGEST_FILE, (text) => this.load(text)), button("Forget my progress", () => this.forget()));
    const name = h("p", { class: "report-name" }, h("label", { for: "report-name" }, "Your name, if the report is to show one "), this.name);
    root.replaceChildren(this.notes, tools, name, h("p", { class: "note report-unsigned" }, UNSIGNED), this.who, this.made, this.place);
    if (keeper.broken) this.note("What this browser had kept of your progress could not be read, so it begins anew.");
  }

  note(...words) {
    this.notes.replaceChildren(h("p", {}, ...words));
  }

  sign() {
    this.who.textContent = this.name.value ? `Learner, by their own word: ${this.name.value}` : "";
  }

  draw() {
    const { keeper } = this;
    const modules = keeper.plan.modules.map((module) => [module, standingOfModule(module, keeper)]);
    const [all, left] = ["all", "left"].map((key) => modules.reduce((sum, [, one]) => sum + (one[key].length ?? one[key]), 0));
    const where = keeper.saved ? "this browser and the workspace of the course" : "this browser";
    this.made.textContent = `${COURSE}. ${dayOfAt(Date.now())}. ${all - left} of ${all} parts done, from ${where}.`;
    if (!keeper.kept) this.note("This browser does not keep your progress. Save it to a file if you want to go on another day.");
    this.place.replaceChildren(...modules.map(([module, standing]) => this.module(module, standing)), ...this.awards());
  }

  module(module, { all, done, minutes }) {
    const rows = this.keeper.parts.filter((part) => part.module.id === module.id).map((part) => {
      const { level, words, at } = standingOf(part, this.keeper);
      return h("tr", { class: level }, h("th", { scope: "row" }, h("a", { href: this.linkTo(part.page) }, part.title)),
        h("td", {}, words || `not yet, ${part.minutes} min`), h("td", {}, level && at ? dayOfAt(at) : ""));
    });
    const left = minutes ? `, about ${inHours(minutes)} left` : "";
    const head = h("thead", {}, h("tr", {}, ...["Part", "What you have", "Date"].map((word) => h("th", { scope: "col" }, word))));
    return h("div", { class: "scroll" }, h("table", { class: "report-table" },
      h("caption", {}, `${module.title}: ${done} of ${all} parts${left}`), head, h("tbody", {}, ...rows)));
  }

  awards() {
    const { awards } = this.keeper.plan;
    if (!awards.length) return [];
    const rows = awards.map((award) => {
      const { played, graded } = leftFor(award, this.keeper);
      return h("li", {}, h("strong", {}, award.title), ": ", played.length ? `still to play: ${played.join("; ")}. ` : "all cases and quizzes are done. ",
        `To be graded by an institution: ${graded.join("; ")}.`);
    });
    return [h("h2", { id: "what-is-left-for-each-award" }, "What is left for each award"),
      h("p", {}, "A practice result counts for no award; it tells you whether you are ready. Only your institution knows what it has graded."),
      h("ul", { class: "report-awards" }, ...rows)];
  }

  load(text) {
    const data = text === null || text.length > LONGEST_FILE ? null : readObject(text);
    const before = this.keeper.whole();
    const taken = data?.schema === "review/1" ? this.keeper.takeReview(data)
      : data?.schema === "progress/1" ? this.keeper.takeCase(data) : this.keeper.take(data);
    if (!taken) return this.note("This file is not a progress file. Nothing was changed.");
    return this.note("Progress loaded from the file, together with what was here. ", button("Undo", () => this.restore(before)));
  }

  forget() {
    const was = this.keeper.forget();
    this.note("Your progress is forgotten in this browser. What lies in your workspace stays there, and comes back while the course server runs. ",
      button("Undo", () => this.restore(was)));
  }

  restore(data) {
    this.keeper.forget();
    this.keeper.take(data);
    this.notes.replaceChildren();
  }
}
