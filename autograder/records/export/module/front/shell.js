// The shell around a module's pages: shows one at a time, watches what was read, played and answered, and reports.
// Cases and quizzes keep their progress in this browser under the keys below; the platform keeps a copy, which wins,
// because a browser on a shared desk may hold somebody else's.

const module_ = JSON.parse(document.getElementById("told").textContent);
const KEY = (id) => `open-by-default:${id}`;
const cases = module_.pages.flatMap((page) => page.cases);
const quizzes = cases.filter((one) => one.kind === "quiz");
const frame = document.getElementById("page");
const list = document.getElementById("list");
const state = { read: new Set(), done: new Set(), best: null };
const platform = new Platform();
const most = platform.most; // characters of progress that the platform keeps
const passMark = () => platform.passMark ?? module_.passMark; // a platform may set a mark of its own
let [current, heard] = [-1, true];
// Answers are marked by the players' own script, which lies beside the pages.
let marking = null;
const marks = quizzes.length ? import("./content/_static/case.js").then((script) => (marking = script)) : Promise.resolve();

// ---- What the browser keeps ----

function kept(id) {
  try {
    return localStorage.getItem(KEY(id));
  } catch {
    return null;
  }
}

function keep(id, text) {
  try {
    if (text === undefined) localStorage.removeItem(KEY(id));
    else localStorage.setItem(KEY(id), text);
  } catch {
    // A browser that keeps nothing still shows the pages; cases then start anew.
  }
}

function progress({ id, digest }) {
  try {
    const found = JSON.parse(kept(id));
    return found?.case === id && found.case_digest === digest ? found : null;
  } catch {
    return null;
  }
}

// ---- What the platform keeps ----

function restore() {
  let old = {};
  try {
    old = JSON.parse(platform.get("cmi.suspend_data") || "{}");
  } catch {
    // Somebody else's data: begin anew.
  }
  for (const [at, mark] of [...String(old.read ?? "")].entries()) if (mark === "1" && module_.pages[at]) state.read.add(module_.pages[at].path);
  for (const one of cases) if (old.done?.includes(one.id)) state.done.add(one.id);
  state.best = Number.isFinite(old.best) ? old.best : null;
  if (platform.open) for (const { id } of cases) keep(id, typeof old.store?.[id] === "string" ? old.store[id] : undefined);
}

function suspended() {
  const store = {};
  const data = { read: module_.pages.map(({ path }) => (state.read.has(path) ? 1 : 0)).join(""), done: [...state.done], best: state.best, store };
  for (const { id } of cases) if (kept(id)) store[id] = kept(id);
  // Where it does not all fit, the longest walks stay in this browser only; what is done stays done.
  for (const id of Object.keys(store).sort((a, b) => store[b].length - store[a].length)) {
    if (JSON.stringify(data).length <= most) break;
    delete store[id];
  }
  return JSON.stringify(data).slice(0, most);
}

/** Percent of all questions of the module that were right at the first go; null while one is open.
    One whose facts should have been read again before the day on which its quiz was finished is not graded. */
function score() {
  if (!marking) return null;
  let [good, all] = [0, 0];
  for (const quiz of quizzes) {
    const found = progress(quiz);
    if (!found?.finished) return null;
    quiz.items.forEach((item, at) => {
      if (quiz.until[at] && found.finished.slice(0, 10) > quiz.until[at]) return;
      all += 1;
      good += marking.right(item.forms[marking.drawnForm(item, found.seed) - 1], found.choices[at]) ? 1 : 0;
    });
  }
  return all ? Math.round((100 * good) / all) : null;
}

function complete() {
  return module_.pages.every(({ path }) => state.read.has(path)) && cases.every(({ id }) => state.done.has(id));
}

function status() {
  if (!complete()) return "incomplete";
  if (state.best === null) return "completed";
  return state.best >= passMark() ? "passed" : "failed";
}

function report() {
  for (const one of cases) if (progress(one)?.finished) state.done.add(one.id);
  const now = score();
  if (now !== null) state.best = Math.max(state.best ?? 0, now);
  if (state.best !== null) {
    platform.set("cmi.core.score.min", 0);
    platform.set("cmi.core.score.max", 100);
    platform.set("cmi.core.score.raw", state.best);
  }
  platform.set("cmi.core.lesson_location", module_.pages[current]?.path ?? "");
  platform.set("cmi.suspend_data", suspended());
  platform.set("cmi.core.lesson_status", status());
  platform.set("cmi.core.exit", complete() ? "" : "suspend");
  const taken = (answer) => {
    heard = answer;
    draw();
  };
  draw();
  const answer = platform.commit();
  if (answer instanceof Promise) answer.then(taken);
  else taken(answer);
}

// ---- What the learner sees ----

const WORDS = { incomplete: "under way", completed: "completed", passed: "passed", failed: "gone through; the quiz may be taken again" };

function draw() {
  for (const [at, item] of [...list.children].entries()) {
    const { path, cases: here } = module_.pages[at];
    const done = state.read.has(path) && here.every(({ id }) => state.done.has(id));
    item.querySelector(".mark").textContent = done ? "✓" : "";
    item.querySelector(".words").textContent = done ? " (done)" : "";
    const link = item.querySelector("button");
    if (at === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.getElementById("back").disabled = current <= 0;
  document.getElementById("on").disabled = current >= module_.pages.length - 1;
  const done = state.read.size;
  const parts = [`${done} of ${module_.pages.length} pages`, `${state.done.size} of ${cases.length} cases and quizzes`];
  if (state.best !== null) parts.push(`quiz ${state.best} % at the first go`);
  document.getElementById("state").textContent = `${parts.join(", ")}: ${WORDS[status()]}.`;
  document.getElementById("alone").hidden = platform.open;
  document.getElementById("lost").hidden = !platform.open || heard !== false;
}

function show(at) {
  if (!module_.pages[at]) return;
  current = at;
  frame.src = `content/${module_.pages[at].path}`;
}

/** A page is in the frame, by the list, by its own links or by the browser's way back. */
function arrived() {
  let path;
  try {
    path = decodeURIComponent(frame.contentWindow.location.pathname);
  } catch {
    return;
  }
  const at = module_.pages.findIndex((page) => path.endsWith(`/content/${page.path}`));
  if (at < 0) return;
  current = at;
  state.read.add(module_.pages[at].path);
  frame.title = module_.pages[at].title;
  report();
}

for (const [at, { title }] of module_.pages.entries()) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", onclick: () => show(at) });
  const mark = Object.assign(document.createElement("span"), { className: "mark" });
  mark.setAttribute("aria-hidden", "true");
  button.append(mark, Object.assign(document.createElement("span"), { textContent: title }),
    Object.assign(document.createElement("span"), { className: "words" }));
  item.append(button);
  list.append(item);
}
document.getElementById("back").onclick = () => show(current - 1);
document.getElementById("on").onclick = () => show(current + 1);
frame.addEventListener("load", arrived);
addEventListener("storage", (event) => event.key?.startsWith("open-by-default:") && report());
addEventListener("pagehide", () => {
  report();
  platform.finish();
});

// On a small screen the list would hide the page; it opens on request.
if (matchMedia("(max-width: 45rem)").matches) document.querySelector("nav details").open = false;
function begin() {
  restore();
  const leave = document.getElementById("leave");
  leave.hidden = !platform.returnUrl;
  leave.onclick = () => {
    report();
    platform.leave();
  };
  const place = platform.get("cmi.core.lesson_location");
  show(Math.max(0, module_.pages.findIndex(({ path }) => path === place)));
}
Promise.all([platform.start(), marks]).then(begin);
