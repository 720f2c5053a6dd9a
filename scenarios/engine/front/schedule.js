// When a question comes back: a question that was right returns after a number of days, which the learner sets, and
// then each time after twice as many; one that was wrong returns tomorrow and begins anew. Days are the learner's own.

export const SPACINGS = [3, 7, 14, 30];
const DAY = /^\d{4}-\d\d-\d\d$/;
const KEY = /^[a-z0-9]+(-[a-z0-9]+)*\/\S{1,150}$/;
const MOST_CARDS = 5000;
const LONGEST_INTERVAL = 180; // days: rules are read again as often

/** A day as YYYY-MM-DD in the learner's zone. */
export const dayOf = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");

/** So many days after a day; by the calendar, so that a change to summer time moves nothing. */
export function later(day, days) {
  const [year, month, date] = day.split("-").map(Number);
  return dayOf(new Date(year, month - 1, date + days));
}

export const blank = () => ({ schema: "review/1", every: 7, cards: {} });
export const keyOf = (quiz, item) => `${quiz}/${item}`;

/** Days from one day to another; by the calendar. */
const between = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / 86400000);

/** The card of a question after it was answered; `before` is its card so far, whose wait tells the next one. */
export function answered(state, good, today, before = null) {
  const waited = before?.good ? Math.max(between(before.last, before.due), 0) : 0;
  const wait = good ? Math.min(Math.max(state.every, 2 * waited), Math.max(state.every, LONGEST_INTERVAL)) : 1;
  return { due: later(today, wait), last: today, good };
}

/** Questions answered in a quiz come into the review; what is there already stays as it is. */
export function enrol(state, quiz, progress, isRight) {
  const day = dayOf(new Date(progress.finished ?? progress.started ?? Date.now()));
  const cards = { ...state.cards };
  progress.choices.forEach((answer, at) => {
    const item = quiz.items[at];
    cards[keyOf(quiz.id, item.id)] ??= answered(state, isRight(item, answer), day);
  });
  return { ...state, cards };
}

/** The keys of the questions that are due, longest waiting first; `known` leaves out what the book no longer asks. */
export function due(state, known, today) {
  const waiting = Object.entries(state.cards).filter(([key, card]) => known.has(key) && card.due <= today);
  return waiting.sort(([a, one], [b, other]) => (one.due < other.due ? -1 : one.due > other.due ? 1 : a < b ? -1 : 1)).map(([key]) => key);
}

/** How many questions come on each later day: [[day, number], ...]. */
export function coming(state, known, today) {
  const days = new Map();
  for (const [key, card] of Object.entries(state.cards))
    if (known.has(key) && card.due > today) days.set(card.due, (days.get(card.due) ?? 0) + 1);
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}

const isDay = (value) => typeof value === "string" && DAY.test(value) && later(value, 0) === value;
const isCard = (card) => card !== null && typeof card === "object" && Object.keys(card).sort().join() === "due,good,last" &&
  isDay(card.due) && isDay(card.last) && typeof card.good === "boolean";

/** Read a schedule that somebody hands in; null when it is none. */
export function readSchedule(data) {
  if (!data || Object.keys(data).sort().join() !== "cards,every,schema" || data.schema !== "review/1") return null;
  const { every, cards } = data;
  if (!SPACINGS.includes(every) || cards === null || typeof cards !== "object" || Array.isArray(cards)) return null;
  const all = Object.entries(cards);
  return all.length <= MOST_CARDS && all.every(([key, card]) => KEY.test(key) && isCard(card)) ? { schema: "review/1", every, cards } : null;
}

/** Two schedules become one: of each question the answer given last counts. */
export function merge(one, other) {
  const cards = { ...one.cards };
  for (const [key, card] of Object.entries(other.cards))
    if (!cards[key] || card.last > cards[key].last || (card.last === cards[key].last && card.due > cards[key].due)) cards[key] = card;
  return { ...one, cards };
}
