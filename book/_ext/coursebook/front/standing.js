// Where a learner stands: of each part whether it is done, of each module what is left, and what comes next.
// coursebook/progress/standing.py says the same for `make progress`.

const shortly = (number) => String(Math.round(number * 10) / 10);
export const dayOfAt = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** A time as people plan it, as plan.py writes it. */
export function inHours(minutes) {
  if (minutes < 60) return `${minutes} minutes`;
  const halves = Math.round(minutes / 30);
  const [whole, half] = [Math.floor(halves / 2), halves % 2];
  return `${whole}${half ? "½" : ""} hour${whole === 1 && !half ? "" : "s"}`;
}

/** A part's standing: {level: "done" | "begun" | "", words, at}. */
export function standingOf(part, keeper) {
  const { pages, opened } = keeper.state;
  if (part.item && part.kind === "exercise") return ofExercise(part, keeper.state);
  if (part.item) return ofPlay(part, keeper);
  if (part.kind === "lab" && opened[part.page]) return { level: "done", words: "opened live", at: opened[part.page] };
  const page = pages[part.page];
  if (page?.read) return { level: "done", words: page.by === "hand" ? "marked as read" : "read", at: page.at };
  return { level: "", words: "", at: null };
}

function ofExercise(part, { handin, practice, opened }) {
  const tried = practice[part.item];
  const score = tried && `practised: ${shortly(tried.score)} of ${shortly(tried.max_score)} points` +
    (tried.pending ? `, ${shortly(tried.pending)} of them still to be marked` : "");
  if (handin[part.item]) return { level: "done", words: ["handed in", score].filter(Boolean).join("; "), at: handin[part.item] };
  if (tried) return { level: "done", words: score, at: tried.at };
  const begun = opened[`exercises/${part.item}`];
  if (begun) return { level: "begun", words: "opened", at: begun };
  return { level: "", words: "", at: null };
}

function ofPlay(part, keeper) {
  const done = keeper.state.finished[part.item];
  const play = keeper.play(part.item);
  if (done) {
    const right = done.of ? `finished: ${done.right} of ${done.of} right at the first go` : "finished";
    const seen = new Set([...(play?.endings ?? []), ...(done.ending ? [done.ending] : [])]).size;
    const all = keeper.plan.endings?.[part.item];
    const story = seen && all ? `played to an end: ${Math.min(seen, all)} of ${all} endings seen` : "played to an end";
    return { level: "done", words: part.kind === "quiz" ? right : story, at: done.at };
  }
  if (play?.choices.length) return { level: "begun", words: "begun", at: play.started ?? null };
  return { level: "", words: "", at: null };
}

/** A module's standing: how much is done, and the parts that are left. */
export function standingOfModule(module, keeper) {
  const left = module.parts.filter((part) => standingOf(part, keeper).level !== "done");
  return { all: module.parts.length, done: module.parts.length - left.length, left, minutes: left.reduce((sum, part) => sum + part.minutes, 0) };
}

/** What comes next: where somebody stopped, else the first part after it that is left; null when all is done. */
export function whatIsNext(keeper) {
  const { parts } = keeper;
  const at = parts.findIndex((part) => part.page === keeper.state.last?.page);
  if (at < 0) return { last: null, next: parts.find((part) => standingOf(part, keeper).level !== "done") ?? null };
  const last = parts[at];
  const left = (some) => some.find((part) => standingOf(part, keeper).level !== "done");
  const { module } = last;
  const own = parts.filter((part) => part.module === module);
  const next = left([last, ...own.slice(own.indexOf(last) + 1), ...own]) ?? left([...parts.slice(at), ...parts]) ?? null;
  return { last, next };
}

/** What an award still asks: names, each with why. */
export function leftFor(award, keeper) {
  const part = (item) => keeper.parts.find((one) => one.item === item);
  const name = (item) => { const one = part(item); return one ? titleOf(one) : item; };
  const played = award.played.filter((item) => !keeper.state.finished[item]).map(name);
  const graded = Object.entries(award.exercises).map(([item, percent]) =>
    `${name(item)}, ${shortly(percent)} %${keeper.state.handin[item] ? " (handed in; your institution knows the result)" : ""}`);
  return { played, graded };
}

/** A part's name outside its module: every module has a quiz and a checklist. */
export const titleOf = (part) => (["quiz", "checklist"].includes(part.kind) ? `${part.module.title}: ${part.title}` : part.title);
