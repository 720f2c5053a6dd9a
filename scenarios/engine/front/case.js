// The player of cases and quizzes, for a page of the book and for a notebook.
//
// The words are in the page already, as a game book that html.py wrote; this module shows one scene of it at a
// time. It adds no text of the case itself, asks no other host for anything and evaluates nothing: conditions are
// data. On a page it starts by itself; in a notebook anywidget calls `render`.

const MINUS = "\u2212";
const UNITS = { min: "minutes", h: "hours", d: "days" };
const LIMIT = 65536; // characters of a progress file; the longest real one has under a thousand

// ---- The state machine. scenarios/engine/state.py holds the same rules; a test walks both side by side. ----

const sceneOf = (logic, id) => logic.scenes.find((scene) => scene.id === id);

/** The deadlines, the earliest first; a fired one is a flag of its name. */
export const deadlines = (logic) => logic.clock?.deadlines ?? [];

/** The state before the first decision. */
export function begin(logic) {
  const zeros = (names) => Object.fromEntries(names.map((name) => [name, 0]));
  return { scene: logic.start, axes: zeros(logic.axes), flags: zeros([...logic.flags, ...deadlines(logic).map((one) => one.name)]),
    clock: 0, back: null, taken: [] };
}

const COMPARE = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, "=": (a, b) => a === b,
  ">=": (a, b) => a >= b, ">": (a, b) => a > b, "!=": (a, b) => a !== b,
};

/** Does a condition (alternatives, each a list of comparisons that must all hold) hold now? None always holds. */
export function holds(when, state) {
  const values = { ...state.axes, ...state.flags, clock: state.clock };
  return !when || when.some((terms) => terms.every(([name, sign, than]) => COMPARE[sign](values[name], than)));
}

/** The numbers of the choices that can be taken now: 1-based positions in the file. */
export function offered(logic, state) {
  return sceneOf(logic, state.scene).choices.flatMap((choice, at) => {
    const gone = choice.once && state.taken.includes(`${state.scene} ${at + 1}`);
    return holds(choice.if, state) && !gone && (choice.to !== null || state.back !== null) ? [at + 1] : [];
  });
}

/** The state after a choice; throws RangeError when it is not offered. */
export function take(logic, state, number) {
  if (!offered(logic, state).includes(number)) throw new RangeError(`choice ${number} is not offered here`);
  const choice = sceneOf(logic, state.scene).choices[number - 1];
  const [axes, flags] = [{ ...state.axes }, { ...state.flags }];
  for (const [axis, by] of Object.entries(choice.effects)) axes[axis] += by;
  for (const flag of choice.set) flags[flag] = 1;
  for (const flag of choice.clear) flags[flag] = 0;
  const clock = state.clock + choice.takes;
  const taken = choice.once ? [...state.taken, `${state.scene} ${number}`] : state.taken;
  const [scene, back] = choice.to === null ? [state.back, null] : [choice.to, state.back];
  // Looked at when time passes: all that were missed set their flags, the last one sends play to its scene.
  const fired = choice.takes === 0 ? [] : deadlines(logic).filter((one) => clock > one.at && !flags[one.name] &&
    !(one.unless && holds(one.unless, { axes, flags, clock })));
  for (const one of fired) flags[one.name] = 1;
  const sent = fired.filter((one) => one.to !== null).at(-1);
  return sent && !sceneOf(logic, scene).ending ? { scene: sent.to, axes, flags, clock, back: scene, taken }
    : { scene, axes, flags, clock, back, taken };
}

/** Every state of a walk, the first included; throws RangeError at a choice that was not offered. */
export function walk(logic, choices) {
  const states = [begin(logic)];
  for (const number of choices) states.push(take(logic, states.at(-1), number));
  return states;
}

/** Is this the full answer to a question of a quiz? */
export function right(item, answer) {
  return [answer].flat().join() === item.correct.join();
}

// ---- Progress: a small object in this browser, in the notebook, or in a file ----

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const whole = (value) => Number.isInteger(value) && value > 0;
const rising = (list) => list.length > 0 && list.every((value, at) => whole(value) && (!at || value > list[at - 1]));
const SHAPE = {
  schema: (value) => value === "progress/1" || value === "transcript/1",
  case: (value) => typeof value === "string" && value.length < 200,
  case_digest: (value) => typeof value === "string" && value.length < 200,
  choices: (value) =>
    Array.isArray(value) && value.length <= 1000 && value.every((v) => whole(v) || (Array.isArray(v) && rising(v))),
  started: (value) => value === null || (typeof value === "string" && TIME.test(value)),
  finished: (value) => value === null || (typeof value === "string" && TIME.test(value)),
  text_digest: (value) => typeof value === "string" && value.length < 200,
  mended: (value) => Array.isArray(value) && value.length <= 1000 && value.every(whole),
};

function answers(logic, choices) {
  const fits = (answer, at) => {
    const item = logic.items[at];
    return Boolean(item) && Array.isArray(answer) === item.multiple && [answer].flat().every((n) => n <= item.options);
  };
  return choices.every(fits);
}

/** Read progress that somebody hands in. Gives {progress} or {fault, changed}: words for the learner, never markup. */
export function parse(text, { logic, digest }) {
  let data;
  if (text.length > LIMIT) return { fault: "This file is too long to be progress of a case." };
  try {
    data = JSON.parse(text);
  } catch {
    return { fault: "This file is not a progress file: it is not JSON." };
  }
  const plain = data !== null && typeof data === "object" && !Array.isArray(data);
  const needed = Object.keys(SHAPE).filter((key) => key !== "mended" && key !== "text_digest");
  if (!plain || !needed.every((key) => Object.hasOwn(data, key)))
    return { fault: "This file is not a progress file: something that belongs into one is missing." };
  const bad = Object.keys(data).find((key) => !Object.hasOwn(SHAPE, key) || !SHAPE[key](data[key]));
  if (bad !== undefined)
    return { fault: "This file is not a progress file: it holds something that does not belong into one." };
  if (data.case !== logic.id) return { fault: "This progress belongs to another case." };
  if (data.case_digest !== digest)
    return { fault: "This progress belongs to another version of the case.", changed: data };
  try {
    if (logic.kind === "quiz" ? !answers(logic, data.choices) : !walk(logic, data.choices)) throw new RangeError();
  } catch {
    return { fault: "This progress holds a decision that this case does not offer." };
  }
  return { progress: { choices: data.choices, started: data.started, finished: data.finished, mended: data.mended ?? [] } };
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
const fresh = () => ({ choices: [], started: null, finished: null, mended: [] });

// ---- Building blocks ----

function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on") || name === "hidden" || name === "tabIndex" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const button = (text, onclick, kind = "case-tool") => h("button", { type: "button", class: kind, onclick }, text);

/** The content of an element once more: without ids (they must stay unique) and, inside a button, without links. */
function copy(element, links = true) {
  const twin = element.cloneNode(true);
  for (const one of twin.querySelectorAll("[id]")) one.removeAttribute("id");
  for (const one of twin.querySelectorAll(".headerlink")) one.remove();
  if (!links) for (const one of twin.querySelectorAll("a")) one.replaceWith(...one.childNodes);
  return [...twin.childNodes];
}

const signed = (number) => (number > 0 ? `+${number}` : number < 0 ? `${MINUS}${-number}` : "0");

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A stepped line of one axis over the decisions so far, with its zero; the number stands beside it as text. */
function trace(values, from, to) {
  const [wide, high, pad] = [96, 32, 5];
  const low = Math.min(from, 0, ...values);
  const span = Math.max(to, 0, ...values) - low || 1;
  const x = (at) => pad + (at * (wide - 2 * pad)) / Math.max(values.length - 1, 8);
  const y = (value) => high - pad - ((value - low) * (high - 2 * pad)) / span;
  let path = `M${x(0)} ${y(values[0])}`;
  values.slice(1).forEach((value, at) => (path += `H${x(at + 1)}V${y(value)}`));
  return svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "case-trace", "aria-hidden": "true", focusable: "false" },
    svg("line", { x1: 0, x2: wide, y1: y(0), y2: y(0), class: "case-zero" }),
    svg("path", { d: path, class: "case-line" }),
    svg("circle", { cx: x(values.length - 1), cy: y(values.at(-1)), r: 3.5, class: "case-point" }));
}

function download(name, data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1) + "\n"], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// ---- Where progress is kept ----

/** This browser's storage; it may be full or denied, and then the play goes on without. */
function browserStore(key) {
  return {
    key,
    read() {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        localStorage.setItem(key, text);
        return true;
      } catch {
        return false;
      }
    },
  };
}

const cookie = (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1];

/** The course's own server, where this page comes from it, keeps finished transcripts in the workspace. */
async function sendHome(transcript) {
  if (cookie("course_live") !== "1") return "";
  const refused = "The course server did not take the transcript; download it instead.";
  try {
    const base = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
    const status = await (await fetch(new URL("course/status", base), { credentials: "same-origin" })).json();
    if (!status.signed_in) return "You are reading without the address that the terminal printed, so the course server cannot keep the transcript; download it instead.";
    const answer = await fetch(new URL(`course/transcripts/${encodeURIComponent(transcript.case)}`, base), {
      method: "PUT",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf") ?? "" },
      body: JSON.stringify(transcript),
    });
    return answer.ok ? "The transcript is in your workspace and goes along with your next hand-in." : refused;
  } catch {
    return refused;
  }
}

// ---- What cases and quizzes share: notes, tools, progress ----

class Player {
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
    this.tools = h("div", { class: "case-tools" });
    this.file = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: () => this.load() });
    root.classList.add("case-playing");
    root.prepend(this.notes, this.status, this.bar);
    root.append(this.tools, this.file);
    this.made = [];
    this.ended = new AbortController();
    const on = (name, does) => addEventListener(name, does, { signal: this.ended.signal });
    on("storage", (event) => event.key === this.store.key && event.newValue !== null && this.elsewhere(event.newValue));
    // Paper cannot be unfolded. Newer browsers do this by the style sheet.
    let folded = [];
    on("beforeprint", () => (folded = [...root.querySelectorAll("details:not([open])")]).forEach((one) => (one.open = true)));
    on("afterprint", () => folded.forEach((one) => (one.open = false)));
    model?.on("change:progress", () => this.fromNotebook());
    this.resume();
  }

  resume() {
    const kept = this.model?.get("progress");
    const text = kept?.choices?.length ? JSON.stringify(this.dress(kept)) : this.store.read();
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
    if (found.progress) this.note("You went on with this in another tab.",
      button("Go on from there", () => this.adopt(found.progress, "Now at the place of the other tab.")));
  }

  fromNotebook() {
    const found = parse(JSON.stringify(this.dress(this.model.get("progress"))), this.data);
    if (!found.progress || JSON.stringify(found.progress) === JSON.stringify(this.progress)) return;
    this.progress = found.progress;
    this.draw();
  }

  dress({ choices, started, finished, mended }, schema = "progress/1") {
    return { schema, case: this.logic.id, case_digest: this.data.digest, choices, started, finished,
      ...(mended?.length && schema === "progress/1" ? { mended } : {}) };
  }

  transcript() {
    return this.dress(this.progress, "transcript/1");
  }

  save() {
    const kept = this.store.write(JSON.stringify(this.dress(this.progress)));
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

  async load() {
    const file = this.file.files[0];
    this.file.value = "";
    if (!file) return;
    const found = parse(file.size > LIMIT ? "x".repeat(LIMIT + 1) : await file.text(), this.data);
    if (found.progress) this.adopt(found.progress, "Progress loaded from the file.");
    else this.note(`${found.fault} Nothing was changed.`);
  }

  note(words, ...actions) {
    this.notes.replaceChildren(h("p", {}, words, ...actions.flatMap((one) => (one ? [" ", one] : []))));
    this.tame();
  }

  finish() {
    if (this.progress.finished) return;
    this.progress.finished = now();
    this.save();
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
    for (const one of this.root.querySelectorAll("a, button, input, summary, [tabindex]"))
      one.setAttribute("data-lm-suppress-shortcuts", "true");
  }

  drawTools(...first) {
    const some = this.progress.choices.length > 0;
    this.tools.replaceChildren(...first.filter(Boolean),
      ...(some ? [button("Start again", () => this.adopt(fresh(), "You started again."))] : []),
      ...(some ? [button("Save progress to a file", () => download(`${this.logic.id}-progress.json`, this.dress(this.progress)))] : []),
      button("Load progress from a file", () => this.file.click()));
    this.tame();
  }

  done() {
    return h("p", { class: "case-done" }, this.model ? "Finished: the transcript is in the notebook. " : "Finished. ",
      button("Download transcript", () => download(`${this.logic.id}-transcript.json`, this.transcript())));
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

  /** Bring the top of the player into view when it is out of it, and move the focus without a second jump. */
  attend(element) {
    const top = this.root.getBoundingClientRect().top;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (top < 0 || top > innerHeight / 2) this.root.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    element.tabIndex = -1;
    this.tame();
    element.focus({ preventScroll: true });
  }

  stop() {
    this.ended.abort();
  }
}

// ---- A case: one scene at a time ----

class CasePlayer extends Player {
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
    if (sceneOf(this.logic, state.scene).ending) this.drawEnding(scene);
    else this.drawChoices(scene, state);
    this.drawTools(choices.length ? button("Back one decision", () => this.back()) : null);
    if (focus) this.attend((focus === "said" && said) || scene.querySelector(".case-title"));
  }

  drawBar(state) {
    const { axes, clock } = this.logic;
    const names = axes.map((axis) => this.root.querySelector(`[data-axis="${axis}"]`).textContent);
    const rows = axes.map((axis, at) => h("div", { class: "case-axis" }, h("span", { class: "case-name" }, names[at]),
      trace(this.states.map((one) => one.axes[axis]), ...this.data.bounds[axis]),
      h("span", { class: "case-value" }, signed(state.axes[axis]))));
    const missed = deadlines(this.logic).some((one) => state.flags[one.name]);
    // Of several deadlines the bar shows the next one.
    const until = clock && (clock.deadlines.find((one) => one.at >= state.clock) ?? clock.deadlines.at(-1)).at;
    const time = clock && `${state.clock} of ${until} ${UNITS[clock.unit]}`;
    if (clock) {
      const share = Math.min(state.clock / until, 1);
      rows.push(h("div", { class: missed ? "case-axis case-late" : "case-axis" },
        h("span", { class: "case-name" }, "Time"),
        svg("svg", { viewBox: "0 0 96 32", class: "case-trace", "aria-hidden": "true", focusable: "false" },
          svg("rect", { x: 2, y: 13, width: 92, height: 6, rx: 3, class: "case-track" }),
          svg("rect", { x: 2, y: 13, width: 92 * share, height: 6, rx: 3, class: "case-used" })),
        h("span", { class: "case-value" }, time)));
    }
    this.bar.replaceChildren(...rows);
    const words = axes.map((axis, at) => `${names[at]} ${signed(state.axes[axis])}`);
    if (clock) words.push(`${time} used${missed ? ", the deadline has passed" : ""}`);
    const count = this.progress.choices.length;
    this.status.textContent = `${count === 1 ? "1 decision" : `${count} decisions`} so far. ${words.join(", ")}.`;
  }

  drawSaid(scene) {
    const at = this.progress.choices.length - 1;
    const [before, number] = [this.states[at], this.progress.choices[at]];
    const late = deadlines(this.logic).some((one) => this.states[at + 1].flags[one.name] && !before.flags[one.name]);
    return this.put(h("div", { class: "case-said", role: "group", "aria-label": "Your decision" },
      h("p", { class: "case-chose" }, h("span", {}, "You chose: "), ...this.label(before.scene, number)),
      ...this.outcome(before.scene, number, this.states[at + 1]),
      late ? h("p", { class: "case-deadline" }, "The deadline has passed before you could go on.") : null), scene, "before");
  }

  drawChoices(scene, state) {
    const open = offered(this.logic, state);
    for (const item of scene.querySelectorAll("[data-choice]")) {
      const number = Number(item.dataset.choice);
      item.hidden = !open.includes(number);
      item.querySelector("details").hidden = true;
      if (!item.hidden) this.put(h("button", { type: "button", class: "case-choice", onclick: () => this.choose(number) },
        h("span", {}, ...this.label(state.scene, number))), item);
    }
  }

  choose(number) {
    this.notes.replaceChildren();
    this.progress = { choices: [...this.progress.choices, number], started: this.progress.started ?? now(), finished: null, mended: [] };
    this.save();
    this.draw("said");
  }

  back(to = this.progress.choices.length - 1) {
    this.notes.replaceChildren();
    this.progress = { ...this.progress, choices: this.progress.choices.slice(0, to), finished: null };
    this.save();
    this.draw("title");
  }

  drawEnding(scene) {
    this.finish();
    const level = scene.querySelector(".case-debrief h2, .case-debrief h3, .case-debrief h4, .case-debrief h5")?.tagName ?? "H3";
    const rows = this.progress.choices.map((number, at) => this.review(this.states[at], number, at));
    const review = h("section", { class: "case-review" }, h(level, {}, "Your decisions, and what else there was"), h("ol", {}, ...rows));
    this.put(this.done(), scene);
    this.put(review, scene);
  }

  /** One decision of the walk; unfolded, what each other choice would have led to. */
  review(state, number, at) {
    const others = offered(this.logic, state).filter((one) => one !== number).map((one) => {
      const after = take(this.logic, state, one);
      return h("li", {}, h("p", { class: "case-other" }, ...this.label(state.scene, one)),
        ...this.outcome(state.scene, one, after), h("p", { class: "case-onward" }, "Leads to: ", ...this.title(after.scene)));
    });
    const made = [h("span", { class: "case-where" }, ...this.title(state.scene)), h("br"),
      h("span", { class: "case-mark" }, "You chose: "), ...this.label(state.scene, number)];
    if (!others.length) return h("li", {}, h("p", {}, ...made));
    const again = h("button", { type: "button", class: "case-tool", onclick: () => this.back(at) },
      "Decide again here", h("span", { class: "case-status" }, ` (decision ${at + 1})`));
    return h("li", {}, h("details", {}, h("summary", {}, h("span", { class: "case-fold" }, ...made)), h("ul", {}, ...others), again));
  }
}

// ---- A quiz: one question at a time; what went wrong comes back at the end ----

class QuizPlayer extends Player {
  right(at) {
    return right(this.logic.items[at], this.progress.choices[at]);
  }

  /** Questions whose first answer was wrong and that were not answered rightly since. */
  wrong() {
    const missed = this.progress.choices.flatMap((_, at) => (this.right(at) ? [] : [at + 1]));
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
    const share = Math.min(this.progress.choices.length / all, 1);
    this.bar.replaceChildren(h("div", { class: "case-axis" }, h("span", { class: "case-name" }, words),
      svg("svg", { viewBox: "0 0 96 32", class: "case-trace", "aria-hidden": "true", focusable: "false" },
        svg("rect", { x: 2, y: 13, width: 92, height: 6, rx: 3, class: "case-track" }),
        svg("rect", { x: 2, y: 13, width: 92 * share, height: 6, rx: 3, class: "case-used" }))));
    this.status.textContent = `${words}.`;
  }

  drawQuestion(scene, at, again) {
    const item = this.logic.items[at - 1];
    const title = scene.querySelector(".case-title");
    const stem = scene.querySelector(".case-stem");
    const list = scene.querySelector(".case-choices");
    const hint = h("p", { class: "case-hint", id: `${scene.id}-hint` }, item.multiple ? "Choose all that apply." : "Choose one.");
    const name = `${scene.id}-answer`;
    list.hidden = true;
    const options = Array.from({ length: item.options }, (_, n) => h("label", { class: "case-option" },
      h("input", { type: item.multiple ? "checkbox" : "radio", name, value: n + 1 }), h("span", {}, ...this.label(item.id, n + 1))));
    const warn = h("p", { class: "case-warn", role: "alert" });
    const form = h("form", { class: "case-form", onsubmit: (event) => {
      event.preventDefault();
      this.check(scene, at, again, form, warn);
    } }, h("fieldset", { "aria-labelledby": `${title.id} ${stem.id} ${hint.id}` }, hint, ...options), warn,
    h("button", { type: "submit", class: "case-check" }, "Check"));
    this.put(form, scene);
    this.tame();
    return title;
  }

  check(scene, at, again, form, warn) {
    const chosen = [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
    if (!chosen.length) {
      warn.textContent = "Choose an answer first.";
      form.querySelector("input").focus();
      return;
    }
    const item = this.logic.items[at - 1];
    const answer = item.multiple ? chosen : chosen[0];
    const good = right(item, answer);
    this.notes.replaceChildren();
    if (!again) this.progress = { ...this.progress, choices: [...this.progress.choices, answer], started: this.progress.started ?? now() };
    else if (good) this.progress = { ...this.progress, mended: [...this.progress.mended, at].sort((a, b) => a - b) };
    this.last = this.progress.choices.length < this.logic.items.length ? 0 : at;
    this.save();
    warn.remove();
    form.querySelector(".case-check").remove();
    for (const input of form.querySelectorAll("input")) input.disabled = true;
    this.drawResult(scene, item, chosen, good);
  }

  drawResult(scene, item, chosen, good) {
    const options = Array.from({ length: item.options }, (_, at) => at + 1).map((n) => {
      const fine = item.correct.includes(n);
      const words = (fine ? "Right answer" : "Not right") + (chosen.includes(n) ? ", your choice: " : ": ");
      return h("li", { class: fine ? "case-right" : "case-wrong" },
        h("p", {}, h("span", { class: "case-mark" }, words), ...this.label(item.id, n)), ...this.outcome(item.id, n));
    });
    const verdict = good ? "Right." : "Not right. This question comes back at the end.";
    const last = this.pick() === 0;
    const result = h("div", { class: "case-result", role: "group", "aria-label": "Result" },
      h("p", { class: "case-verdict" }, verdict), h("ul", {}, ...options),
      button(last ? "See how it went" : "Next question", () => this.draw("title"), "case-check"));
    this.put(result, scene);
    this.drawTools();
    this.attend(result);
  }

  drawSummary() {
    this.finish();
    const all = this.logic.items.length;
    const first = this.logic.items.filter((_, at) => this.right(at)).length;
    const rows = this.logic.items.map((item, at) => h("li", {}, ...this.title(item.id), ": ",
      this.right(at) ? "right at once" : "right the second time round"));
    const words = first === all ? `All ${all} right at the first go.`
      : `${first} of ${all} right at the first go. The others came back, and you have them now.`;
    return this.put(h("div", { class: "case-result", role: "group", "aria-label": "How it went" },
      h("p", { class: "case-verdict" }, words), h("ol", {}, ...rows), this.done()), this.tools, "before");
  }
}

// ---- Where it runs ----

/** Turn a game book that is in the page into a player. */
export function enhance(root, model = null) {
  return root.dataset.kind === "quiz" ? new QuizPlayer(root, model) : new CasePlayer(root, model);
}

/** In a notebook: anywidget gives the model, whose `page` is the game book. */
function render({ model, el }) {
  el.innerHTML = model.get("page");
  const root = el.querySelector(".case-root");
  root.classList.add("case-notebook");
  const player = enhance(root, model);
  return () => player.stop();
}

if (/^https?:/.test(import.meta.url))
  for (const root of document.querySelectorAll(".case-root:not(.case-playing)")) enhance(root);

export default { render };
