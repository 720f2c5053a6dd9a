// What a learner has done, as one object: which pages were read, what was opened, finished, practised and handed in.
// coursebook/progress/state.py knows the same shape; what comes from a file or a server is read strictly and shown as text.

export const LONGEST_FILE = 1_000_000; // characters
const MOST = 500; // entries of each kind
const FORM = "course-progress/1";
const AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;
const PAGE = /^([A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+$/;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export const blankState = () => ({ schema: FORM, pages: {}, opened: {}, finished: {}, practice: {}, handin: {}, last: null });

const isText = (value, form) => typeof value === "string" && value.length < 200 && form.test(value);
const isAt = (value) => isText(value, AT) && !Number.isNaN(Date.parse(value));
const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isPoints = (value) => typeof value === "number" && value >= 0 && value <= 10_000;
const isCount = (value) => Number.isInteger(value) && value >= 0 && value <= 1000;
const has = (value, must, may = {}) => isPlain(value) && Object.keys(must).every((key) => Object.hasOwn(value, key)) &&
  Object.entries(value).every(([key, one]) => (must[key] ?? may[key] ?? (() => false))(one));
const mapOf = (form, each) => (value) => isPlain(value) && Object.keys(value).length <= MOST &&
  Object.entries(value).every(([key, one]) => isText(key, form) && each(one));

const PARTS = {
  pages: mapOf(PAGE, (one) => has(one, { at: isAt, read: (value) => typeof value === "boolean", by: (value) => ["foot", "hand"].includes(value) })),
  opened: mapOf(PAGE, isAt),
  finished: mapOf(SLUG, (one) => has(one, { at: isAt }, { right: isCount, of: isCount, ending: (value) => isText(value, SLUG) })),
  practice: mapOf(SLUG, (one) => has(one, { at: isAt, score: isPoints, max_score: isPoints }, { pending: isPoints })),
  handin: mapOf(SLUG, isAt),
  last: (value) => value === null || has(value, { page: (page) => isText(page, PAGE), at: isAt }),
};

/** Read a state that somebody hands in; null when it is none. What else the file holds is for others to read. */
export function readState(data) {
  if (!isPlain(data) || data.schema !== FORM) return null;
  const known = new Set([...Object.keys(PARTS), "schema", "cases", "review"]);
  if (!Object.keys(data).every((key) => known.has(key))) return null;
  const state = blankState();
  for (const [name, fits] of Object.entries(PARTS)) {
    if (!Object.hasOwn(data, name)) continue;
    if (!fits(data[name])) return null;
    state[name] = data[name];
  }
  return state;
}

/** The cases of a whole file, each still to be read by its own player: [[id, progress], ...]. */
export const casesIn = (data) => (isPlain(data.cases) ? Object.entries(data.cases).slice(0, MOST).filter(([id, one]) =>
  isText(id, SLUG) && isPlain(one) && one.schema === "progress/1" && one.case === id && Array.isArray(one.choices) &&
  (one.finished === null || isAt(one.finished))) : []);

const newer = (one, other) => Date.parse(one) > Date.parse(other);
const choose = (mine, yours, better) => {
  const kept = { ...mine };
  for (const [key, one] of Object.entries(yours)) if (!Object.hasOwn(kept, key) || better(one, kept[key])) kept[key] = one;
  return kept;
};
const isLater = (one, kept) => newer(one.at, kept.at);
// The same end may be known with and without its score.
const fuller = (one, kept) => isLater(one, kept) || (one.at === kept.at && Object.keys(one).length > Object.keys(kept).length);

/** Two states become one: what happened last counts, and a lab was opened when it was opened first. */
export const mergeStates = (mine, yours) => ({
  schema: FORM,
  pages: choose(mine.pages, yours.pages, isLater),
  opened: choose(mine.opened, yours.opened, (one, kept) => newer(kept, one)),
  finished: choose(mine.finished, yours.finished, fuller),
  practice: choose(mine.practice, yours.practice, isLater),
  handin: choose(mine.handin, yours.handin, newer),
  last: !mine.last || (yours.last && isLater(yours.last, mine.last)) ? yours.last : mine.last,
});

/** Two objects say the same, whatever the order of their keys. */
export function sameData(one, other) {
  const sorted = (value) => (isPlain(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)])) : value);
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
