// The review: questions of all quizzes that the learner has taken, spaced over the days, kept in this browser.
// The page holds the names of the quizzes; the words of a question are fetched from its quiz's own page when it is asked.

import { drawnForm, right } from "./answers.js";
import { attend, button, dayInWords, download, h, picker } from "./dom.js";
import { graded } from "./machine.js";
import { drawSeed } from "./order.js";
import { browserStore, now, ownPart, parse, readObject } from "./progress.js";
import { ask, explain, whyNot } from "./question.js";
import { SPACINGS, answered, blank, coming, dayOf, due, enrol, keyOf, merge, readSchedule } from "./schedule.js";

const SITTING = 10; // questions at one go; more are tiring, and wait
const LONGEST = 1_000_000; // characters of a review file
const few = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const inWords = (day) => dayInWords(day, { weekday: "long" });
/** Why a question is not graded today, or null; the day is that of a quiz, in UTC. */
const whyStale = (item, day = now().slice(0, 10)) => (graded(item.until, day) ? null : whyNot(item.until));

export class Review {
  constructor(root) {
    this.root = root;
    this.quizzes = JSON.parse(root.querySelector(".review-quizzes").textContent); // [{id, title, url, digest, items}]
    this.known = new Map(this.quizzes.flatMap((quiz) => quiz.items.map((item) => [keyOf(quiz.id, item.id), { quiz, item }])));
    this.store = browserStore("open-by-default:review");
    this.pages = new Map();
    this.notes = h("div", { class: "case-notes", role: "status" });
    this.place = h("div", { class: "review-place" });
    root.classList.add("case-playing");
    root.prepend(this.notes, this.place);
    this.state = this.read();
    this.gather();
    addEventListener("storage", (event) => {
      if (event.key !== this.store.key) return;
      this.state = merge(this.state, this.read());
      if (!this.asking) this.overview();
    });
    this.overview();
  }

  today() {
    return dayOf(new Date());
  }

  read() {
    return readSchedule(readObject(this.store.read() ?? "null")) ?? blank();
  }

  /** Write what this tab knows together with what another has written meanwhile. */
  save(whole = false) {
    if (!whole) this.state = merge(this.state, this.read());
    if (this.store.write(JSON.stringify(this.state)) || this.told) return;
    this.told = true;
    this.note("This browser does not keep your review. Save it to a file if you want to go on another day.");
  }

  /** Take in what was answered in the quizzes since. */
  gather() {
    const before = Object.keys(this.state.cards).length;
    for (const quiz of this.quizzes) {
      const logic = { id: quiz.id, kind: "quiz", items: quiz.items };
      const text = browserStore(`open-by-default:${quiz.id}`).read();
      const found = text === null ? {} : parse(text, { logic, digest: quiz.digest });
      const day = found.progress?.finished?.slice(0, 10);
      // What was not graded counts as known: it comes back like anything that was right.
      const known = (item, answer) =>
        right(item.forms[drawnForm(item, found.progress.seed) - 1], answer) || whyStale(item, day) !== null;
      if (found.progress) this.state = enrol(this.state, quiz, found.progress, known);
    }
    if (Object.keys(this.state.cards).length > before) this.save();
  }

  note(...words) {
    this.notes.replaceChildren(h("p", {}, ...words));
  }

  overview(focus) {
    this.asking = false;
    const today = this.today();
    const waiting = due(this.state, this.known, today);
    const next = coming(this.state, this.known, today);
    const count = Object.keys(this.state.cards).filter((key) => this.known.has(key)).length;
    const title = h("p", { class: "review-due" }, waiting.length ? `${few(waiting.length, "question", "questions")} due today`
      : count ? "Nothing is due today" : "No questions yet");
    const words = waiting.length > SITTING ? `The ${SITTING} that have waited longest come first; the others can wait.`
      : waiting.length ? "It takes a few minutes."
        : count ? `The next: ${few(next[0][1], "question", "questions")} on ${inWords(next[0][0])}.`
          : "Take a quiz below; its questions then come back here, spaced over the days.";
    const begin = waiting.length ? button("Begin", () => this.begin(waiting.slice(0, SITTING)), "case-check") : null;
    this.place.replaceChildren(title, h("p", {}, words), ...(begin ? [begin] : []), ...this.forecast(next, count), this.settings(count));
    if (focus) attend(this.root, title);
  }

  forecast(next, count) {
    if (!next.length) return [];
    const rows = next.slice(0, 7).map(([day, number]) => h("li", {}, `${inWords(day)}: ${few(number, "question", "questions")}`));
    return [h("details", { class: "review-coming" }, h("summary", {}, `What comes on later days (${few(count, "question", "questions")} in all)`), h("ul", {}, ...rows))];
  }

  settings(count) {
    const choose = h("select", { id: "review-every", onchange: () => {
      this.state = { ...this.state, every: Number(choose.value) };
      this.save();
      this.note(`From now on a question that you had right comes back after ${choose.value} days, and then after twice as many each time.`);
    } }, ...SPACINGS.map((days) => h("option", { value: days, ...(days === this.state.every ? { selected: "" } : {}) }, `${days} days`)));
    const loader = picker("Load review from a file", LONGEST, (text) => this.load(text));
    return h("div", {}, h("p", { class: "review-every" }, h("label", { for: "review-every" }, "What you had right comes back, at first, after "), choose),
      h("div", { class: "case-tools", role: "group", "aria-label": "Tools" },
        ...(count ? [button("Save review to a file", () => download("review.json", this.state)),
          button("Forget the review", () => this.forget())] : []), ...loader));
  }

  load(text) {
    const found = text === null || text.length > LONGEST ? null : readSchedule(readObject(ownPart(text, (data) => data.review)));
    if (!found) return this.note("This file is not a review file. Nothing was changed.");
    const before = this.state;
    this.state = { ...merge(this.state, found), every: found.every };
    this.save();
    this.overview(true);
    this.note("Review loaded from the file, together with what was here. ", button("Undo", () => this.restore(before)));
  }

  forget() {
    const before = this.state;
    this.state = { ...blank(), every: before.every };
    this.save(true);
    this.overview(true);
    this.note("Your review is empty. What you have answered in a quiz comes back in when you open this page again. ",
      button("Undo", () => this.restore(before)));
  }

  restore(state) {
    this.state = state;
    this.save(true);
    this.notes.replaceChildren();
    this.overview(true);
  }

  begin(keys) {
    this.notes.replaceChildren();
    this.sitting = { keys, again: [], done: 0, good: 0, forms: {} };
    this.next();
  }

  next() {
    const { sitting } = this;
    const key = sitting.keys.shift() ?? sitting.again.shift();
    if (key === undefined) return this.end();
    return this.question(key);
  }

  /** The words of a question, from the page of its quiz; its links keep their meaning. */
  async scene({ quiz, item }) {
    if (!this.pages.has(quiz.url)) {
      const answer = await fetch(new URL(quiz.url, location.href), { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.pages.set(quiz.url, new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    const found = this.pages.get(quiz.url).querySelector(`:is([data-case="${quiz.id}"], [data-prompts="${quiz.id}"]) [data-scene="${CSS.escape(item.id)}"]`);
    const scene = document.importNode(found, true);
    for (const [query, name] of [["a[href]", "href"], ["img[src]", "src"]])
      for (const one of scene.querySelectorAll(query))
        one.setAttribute(name, new URL(one.getAttribute(name), new URL(quiz.url, location.href)).href);
    for (const one of scene.querySelectorAll("script")) one.remove();
    for (const one of scene.querySelectorAll("[aria-describedby]")) one.removeAttribute("aria-describedby"); // the page's own foot
    return scene;
  }

  async question(key) {
    this.asking = true;
    const place = this.known.get(key);
    this.seed = drawSeed(); // at each return another order, so that no place is learnt
    let scene;
    try {
      scene = await this.scene(place);
    } catch {
      this.overview(true);
      this.note("The question could not be fetched from its page: ", h("a", { href: place.quiz.url }, place.quiz.title), ". Nothing was changed.");
      return;
    }
    const left = this.sitting.keys.length + this.sitting.again.length;
    const from = h("p", { class: "review-from" }, `${place.quiz.title} · ${left ? `${left} more after this` : "the last one"}`);
    this.place.replaceChildren(from, scene);
    // Another form at each return; one that was wrong a moment ago returns in the next one.
    const number = ((this.sitting.forms[key] ?? drawnForm(place.item, this.seed) - 1) % place.item.forms.length) + 1;
    this.sitting.forms[key] = number;
    ask(scene, place.item, number, (answer) => this.answer(key, scene, number, answer), whyStale(place.item), this.seed);
    attend(this.root, scene.querySelector(".case-title"));
  }

  answer(key, scene, number, answer) {
    const { item } = this.known.get(key);
    const { sitting } = this;
    const stale = whyStale(item);
    const good = stale !== null || right(item.forms[number - 1], answer);
    const first = !sitting[key];
    sitting[key] = true;
    if (!good) sitting.again.push(key);
    if (first) {
      sitting.done += stale ? 0 : 1;
      sitting.good += good && !stale ? 1 : 0;
      // What is not graded earns no longer wait.
      const card = answered(this.state, good, this.today(), stale ? null : this.state.cards[key]);
      this.state = { ...this.state, cards: { ...this.state.cards, [key]: card } };
      this.save();
    }
    const back = inWords(this.state.cards[key].due);
    const words = stale ? `${stale} The question comes back on ${back}.` : !good ? "Not right. It comes back in a moment, and tomorrow." : `Right. It comes back on ${back}.`;
    const last = !sitting.keys.length && !sitting.again.length;
    attend(this.root, explain(scene, item, number, answer, words, last ? "See how it went" : "Next question", () => this.next(), stale, this.seed));
  }

  end() {
    const { done, good } = this.sitting;
    this.overview(true);
    this.note(`Done: ${good} of ${done} right at the first go.`);
  }
}

for (const root of document.querySelectorAll(".review-root:not(.case-playing)")) new Review(root);
