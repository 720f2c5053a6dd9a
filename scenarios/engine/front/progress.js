// A learner's progress: a small object in this browser, in the notebook, or in a file.

import { LONGEST_ANSWER, drawnForm } from "./answers.js";
import { sceneOf, walk } from "./machine.js";
import { drawSeed } from "./order.js";

export const LIMIT = 65536; // characters of a progress file; the longest real one has a few thousand
export const WHOLE = 1_000_000; // of a file of the whole course
export const MOST_NOTE = 2000; // characters of what somebody writes about a play
const MOST_REVISED = 200; // times that going back is remembered; the oldest are forgotten first

export const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
export const fresh = (endings = []) =>
  ({ choices: [], started: null, finished: null, mended: [], revised: [], endings, note: "", seed: drawSeed() });

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const whole = (value) => Number.isInteger(value) && value > 0;
const list = (value, most, each) => Array.isArray(value) && value.length <= most && value.every(each);
const rising = (value) => value.length > 0 && value.every((one, at) => whole(one) && (!at || one > value[at - 1]));
const short = (value) => typeof value === "string" && value.length < 200;
const typed = (value) => typeof value === "string" && value.trim() !== "" && [...value].length <= LONGEST_ANSWER;
const moment = (value) => value === null || (short(value) && TIME.test(value));
const revision = (value) => value !== null && typeof value === "object" && Object.keys(value).sort().join() === "at,choices" &&
  Number.isInteger(value.at) && value.at >= 0 && value.choices !== null && list(value.choices, 1000, whole);
const SHAPE = {
  schema: (value) => ["progress/1", "transcript/1", "transcript/2"].includes(value),
  case: short,
  case_digest: short,
  choices: (value) => list(value, 1000, (one) => whole(one) || typed(one) || (Array.isArray(one) && rising(one))),
  started: moment,
  finished: moment,
};
const MAY = {
  seed: (value) => typeof value === "string" && /^[0-9a-f]{8}$/.test(value),
  text_digest: short,
  mended: (value) => list(value, 1000, whole),
  revised: (value) => list(value, MOST_REVISED, revision),
  endings: (value) => list(value, 100, short),
  note: (value) => typeof value === "string" && value.length <= MOST_NOTE,
  parts: (value) => value !== null && typeof value === "object" && list(Object.values(value), 200, short),
};

/** Is each answer one to the form that the seed drew? */
function answers(logic, { choices, seed }) {
  const fits = (answer, at) => {
    const item = logic.items[at];
    if (!item) return false;
    const form = item.forms[drawnForm(item, seed) - 1];
    if (form.asks !== "choice" || typeof answer === "string") return form.asks !== "choice" && typeof answer === "string";
    return Array.isArray(answer) === form.multiple && [answer].flat().every((n) => n <= form.options);
  };
  return choices.every(fits);
}

/** The walks that were given up by going back, the first one first. Each is known from the one after it. */
export function givenUp({ choices, revised }) {
  const walks = [];
  let later = choices;
  for (const { at, choices: dropped } of [...revised].reverse()) {
    if (at > later.length || !dropped.length) throw new RangeError("nobody can have gone back so");
    walks.unshift((later = [...later.slice(0, at), ...dropped]));
  }
  return walks;
}

/** Progress after going back to a decision; what was taken back stays on record. */
export function back(progress, at) {
  const dropped = { at, choices: progress.choices.slice(at) };
  return { ...progress, choices: progress.choices.slice(0, at), finished: null,
    revised: [...progress.revised, dropped].slice(-MOST_REVISED) };
}

function possible(logic, progress) {
  if (logic.kind === "quiz") return answers(logic, progress) && !progress.revised.length;
  for (const choices of [progress.choices, ...givenUp(progress)]) walk(logic, choices);
  return progress.endings.every((id) => sceneOf(logic, id)?.ending);
}

/** Read JSON that somebody hands in: an object or null. */
export function readObject(text) {
  try {
    const data = JSON.parse(text);
    return data !== null && typeof data === "object" && !Array.isArray(data) ? data : null;
  } catch {
    return null;
  }
}

/** Read progress that somebody hands in. Gives {progress} or {fault, changed}: words for the learner, never markup. */
export function parse(text, { logic, digest }) {
  if (text === null || text.length > LIMIT) return { fault: "This file is too long to be progress of a case." };
  const data = readObject(text);
  if (!data) return { fault: "This file is not a progress file." };
  if (!Object.keys(SHAPE).every((key) => Object.hasOwn(data, key)))
    return { fault: "This file is not a progress file: something that belongs into one is missing." };
  const shape = { ...SHAPE, ...MAY };
  if (!Object.keys(data).every((key) => Object.hasOwn(shape, key) && shape[key](data[key])))
    return { fault: "This file is not a progress file: it holds something that does not belong into one." };
  if (data.case !== logic.id) return { fault: "This progress belongs to another case." };
  if (data.case_digest !== digest)
    return { fault: "This progress belongs to another version of the case.", changed: data };
  const { choices, started, finished, mended = [], revised = [], endings = [], note = "", seed = null } = data;
  const progress = { choices, started, finished, mended, revised, endings, note, seed };
  try {
    if (!possible(logic, progress)) throw new RangeError();
  } catch {
    return { fault: "This progress holds a decision that this case does not offer." };
  }
  return { progress };
}

/** The text of one's own part of a file: a file of the whole course holds what each case's own file would. */
export function ownPart(text, choose) {
  const data = text === null ? null : readObject(text);
  return data?.schema === "course-progress/1" ? JSON.stringify(choose(data) ?? null) : text;
}

/** Progress as it is kept, or as a transcript; what is empty is left out. */
export function dress({ logic, digest, parts }, { choices, started, finished, seed, ...more }, schema = "progress/1") {
  const kept = schema === "progress/1" ? ["mended", "revised", "endings", "note"] : ["mended", "revised", "note"];
  const rest = kept.filter((key) => more[key]?.length).map((key) => [key, more[key]]);
  if (seed) rest.push(["seed", seed]);
  // They tell, once the case has changed, which of its scenes did.
  if (parts && schema === "transcript/2") rest.push(["parts", parts]);
  return { schema, case: logic.id, case_digest: digest, choices, started, finished, ...Object.fromEntries(rest) };
}

/** A storage of this browser; it may be full or denied, and then the play goes on without. */
export function browserStore(key, where = "localStorage") {
  const attempt = (act, otherwise) => {
    try {
      return act(window[where]);
    } catch {
      return otherwise;
    }
  };
  return {
    key,
    read: () => attempt((storage) => storage.getItem(key), null),
    write: (text) => attempt((storage) => (storage.setItem(key, text), true), false),
    forget: () => attempt((storage) => storage.removeItem(key)),
  };
}

const cookie = (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1];

/** The course's own server, where this page comes from it, keeps finished transcripts in the workspace. */
export async function sendHome(transcript) {
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
