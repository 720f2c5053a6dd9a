// Keeps a learner's progress in this browser: one entry for the course, beside those of each case and of the review.

import { browserStore, readObject } from "./progress.js";
import { mergeReviews, readReview } from "./reviews.js";
import { blankState, casesIn, mergeStates, readState } from "./state.js";

const ROOT = "open-by-default:";
export const PROGRESS_EVENT = "course-progress"; // a player says so when it has written, for this same page

export class Keeper {
  constructor(plan) {
    this.plan = plan;
    this.parts = plan.modules.flatMap((module) => module.parts.map((part) => Object.assign(part, { module })));
    this.items = this.parts.filter((part) => part.item && part.kind !== "exercise");
    this.store = browserStore(`${ROOT}course`);
    this.heard = [];
    this.kept = true;
    const text = this.store.read();
    this.state = readState(readObject(text ?? "null")) ?? blankState();
    this.broken = text !== null && readState(readObject(text)) === null;
    this.gather();
    addEventListener("storage", (event) => event.key?.startsWith(ROOT) && this.refresh());
    addEventListener(PROGRESS_EVENT, (event) => this.refresh(event.detail));
  }

  /** What a case or quiz has kept; null where it was never begun or cannot be read. */
  play(id) {
    const data = readObject(browserStore(ROOT + id).read() ?? "null");
    return data && casesIn({ cases: { [id]: data } }).length ? data : null;
  }

  /** Take in what was finished before this page knew. */
  gather() {
    for (const { item } of this.items) {
      const at = this.play(item)?.finished;
      if (at) this.state = mergeStates(this.state, { ...blankState(), finished: { [item]: { at } } });
    }
  }

  refresh(finished) {
    this.state = mergeStates(this.state, readState(readObject(this.store.read() ?? "null")) ?? blankState());
    if (finished) this.state = mergeStates(this.state, readState({ ...blankState(), finished }) ?? blankState());
    this.gather();
    if (finished) this.write();
    this.tell();
  }

  /** A moment that is later than another one, also where a clock was set back. */
  after(at) {
    return new Date(Math.max(Date.now(), at ? Date.parse(at) + 1 : 0)).toISOString();
  }

  /** Add to the state: an object of the same shape, or a part of one. */
  add(change) {
    const stored = readState(readObject(this.store.read() ?? "null")) ?? blankState();
    this.state = mergeStates(mergeStates(this.state, stored), { ...blankState(), ...change });
    this.write();
    this.tell();
  }

  write() {
    this.kept = this.store.write(JSON.stringify(this.state));
  }

  mark(page, read, by) {
    const at = this.after(this.state.pages[page]?.at);
    this.add({ pages: { [page]: { read, at, by } }, last: { page, at: this.after(this.state.last?.at) } });
  }

  visit(page) {
    if (this.state.last?.page !== page) this.add({ last: { page, at: this.after(this.state.last?.at) } });
  }

  open(part) {
    const name = part.kind === "exercise" ? `exercises/${part.item}` : part.page;
    this.add({ opened: { [name]: new Date().toISOString() }, last: { page: part.page, at: this.after(this.state.last?.at) } });
  }

  /** Everything in one object: what a file and the course's server hold. */
  whole() {
    const cases = Object.fromEntries(this.items.map(({ item }) => [item, this.play(item)]).filter(([, one]) => one));
    const review = readReview(readObject(browserStore(`${ROOT}review`).read() ?? "null"));
    return { ...this.state, cases, ...(review ? { review } : {}) };
  }

  /** Take in a whole file. A case that was begun here stays as it is. Gives false when the file is none. */
  take(data) {
    const state = data && readState(data);
    if (!state) return false;
    for (const [id, one] of casesIn(data)) if (!this.play(id)) this.hand(ROOT + id, JSON.stringify(one));
    this.takeReview(data.review);
    this.add(state);
    return true;
  }

  /** Take in one case's own file; a case that was begun here stays as it is. */
  takeCase(data) {
    const [[id, one] = []] = casesIn({ cases: { [data.case]: data } });
    if (!id || !this.items.some((part) => part.item === id)) return false;
    if (!this.play(id)) this.hand(ROOT + id, JSON.stringify(one));
    this.refresh();
    return true;
  }

  takeReview(data) {
    const theirs = readReview(data ?? null);
    if (!theirs) return false;
    const mine = readReview(readObject(browserStore(`${ROOT}review`).read() ?? "null"));
    this.hand(`${ROOT}review`, JSON.stringify(mine ? mergeReviews(mine, theirs) : theirs));
    return true;
  }

  /** Write for another part of this page, and let it know as another tab would. */
  hand(key, text) {
    const store = browserStore(key);
    if (store.read() === text || !store.write(text)) return;
    dispatchEvent(new StorageEvent("storage", { key, newValue: text }));
  }

  forget() {
    const was = this.whole();
    for (const { item } of this.items) browserStore(ROOT + item).forget();
    browserStore(`${ROOT}review`).forget();
    this.state = blankState();
    this.write();
    this.tell();
    return was;
  }

  onChange(act) {
    this.heard.push(act);
  }

  tell() {
    for (const act of this.heard) act();
  }
}
