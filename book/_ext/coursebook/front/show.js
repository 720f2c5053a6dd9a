// Shows progress where it helps: ticks in the contents, on openings and paths; at the foot of a page what is left;
// on the front page where somebody left off.

import { button, h } from "./dom.js";
import { dayOfAt, inHours, standingOf, standingOfModule, titleOf, whatIsNext } from "./standing.js";

const READ_BY_EYE = new Set(["opening", "lesson", "lab", "checklist"]);
export const isReadable = (part) => READ_BY_EYE.has(part.kind);

/** The page of the book that a link leads to; null for any other link. */
export function pageOf(link, base, here) {
  const raw = link.getAttribute("href");
  if (!raw || raw === "#") return raw ? here : null;
  const url = new URL(link.href);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname) || !url.pathname.endsWith(".html")) return null;
  return decodeURI(url.pathname.slice(base.pathname.length, -".html".length));
}

const tickOf = ({ level, words }) => h("span", { class: `tick ${level}` }, h("span", { class: "visually-hidden" }, ` (${words})`));

/** Ticks behind links, and how much of a module is done behind the link to its opening. */
export class Ticks {
  constructor(keeper, base, here) {
    const links = [...document.querySelectorAll(".contents a, .way a, .path a, .modules a")];
    this.keeper = keeper;
    this.places = links.map((link) => [link, keeper.parts.find((part) => part.page === pageOf(link, base, here))]).filter(([, part]) => part);
  }

  draw() {
    for (const [link, part] of this.places) {
      const asModule = part.kind === "opening" && !link.closest(".path");
      const mark = asModule ? this.count(part.module, link) : this.tick(part);
      link.querySelector(".tick, .share")?.remove();
      if (mark) link.append(mark);
    }
  }

  tick(part) {
    const standing = standingOf(part, this.keeper);
    return standing.level ? tickOf(standing) : null;
  }

  count(module, link) {
    const { all, done } = standingOfModule(module, this.keeper);
    if (!done) return null;
    if (done === all) return tickOf({ level: "done", words: "all parts done" });
    const words = link.closest(".modules") ? ` ${done} of ${all} parts done` : null;
    return h("span", { class: "share" }, ...(words ? [words] : [h("span", { "aria-hidden": "true" }, ` ${done}/${all}`),
      h("span", { class: "visually-hidden" }, ` (${done} of ${all} parts done)`)]));
  }
}

/** At the foot of a part: whether it counts as read, and what is left of the module. */
export class Foot {
  constructor(place, part, keeper, linkTo) {
    Object.assign(this, { place, part, keeper, linkTo });
    this.words = h("p", { class: "standing-now", role: "status" });
    this.rest = h("div", { class: "standing-rest" });
    this.mark = isReadable(part) ? button("", () => this.toggle(), "standing-mark") : null;
    place.replaceChildren(h("div", { class: "standing-line" }, ...(this.mark ? [this.mark] : []), this.words), this.rest);
    place.hidden = false;
  }

  toggle() {
    this.keeper.mark(this.part.page, !this.keeper.state.pages[this.part.page]?.read, "hand");
  }

  draw() {
    const own = standingOf(this.part, this.keeper);
    if (this.mark) {
      const read = this.keeper.state.pages[this.part.page]?.read ?? false;
      this.mark.textContent = read ? "Marked as read. Undo" : "Mark as read";
    }
    const words = [own.level === "done" && !(this.mark && own.words.endsWith("read")) ? `This ${this.part.kind}: ${own.words}.` : "",
      this.keeper.kept ? "" : "This browser does not keep your progress: save it to a file on the page Your progress."];
    const said = words.filter(Boolean).join(" ");
    if (this.words.textContent !== said) this.words.textContent = said;
    this.drawRest();
  }

  /** What one has and what is left: whole after the last part and once all is done, else in a line. */
  drawRest() {
    const { module } = this.part;
    const { all, done, left, minutes } = standingOfModule(module, this.keeper);
    const report = h("a", { href: this.linkTo("guides/progress") }, "Your progress");
    if (!left.length) {
      const { next } = whatIsNext(this.keeper);
      const onward = next ? h("p", {}, "Next: ", this.link(next)) : h("p", {}, "That was everything: you have been through the whole course.");
      return void this.rest.replaceChildren(h("p", {}, h("strong", {}, `${module.title} is done, all ${all} parts. `), report, " holds it as a page that you can print."), onward);
    }
    const line = h("p", {}, `${module.title}: ${done} of ${all} parts done, about ${inHours(minutes)} left. `, report);
    if (this.part !== this.keeper.parts.findLast((part) => part.module === module)) return void this.rest.replaceChildren(line);
    const rows = left.map((part) => h("li", {}, this.link(part), h("span", { class: "min" }, ` ${part.minutes} min`)));
    this.rest.replaceChildren(line, h("p", {}, "What is left:"), h("ul", {}, ...rows));
  }

  link(part) {
    return h("a", { href: this.linkTo(part.page) }, titleOf(part));
  }
}

/** The front page: the button goes on where somebody left off. */
export class Start {
  constructor(place, keeper, linkTo) {
    Object.assign(this, { keeper, linkTo, on: place.querySelector(".start-on") });
    this.first = [...this.on.childNodes].map((node) => node.cloneNode(true));
  }

  draw() {
    const { last, next } = whatIsNext(this.keeper);
    const some = last || this.keeper.parts.some((part) => standingOf(part, this.keeper).level);
    if (!some) return void this.on.replaceChildren(...this.first.map((node) => node.cloneNode(true)));
    if (!next) {
      return void this.on.replaceChildren(h("a", { class: "button", href: this.linkTo("guides/progress") }, "Your progress"),
        h("span", {}, "You have been through the whole course."));
    }
    const where = last ? [`You left off at ${titleOf(last)} on ${dayOfAt(this.keeper.state.last.at)}. `] : [];
    this.on.replaceChildren(h("a", { class: "button", href: this.linkTo(next.page) }, `Go on: ${titleOf(next)}`),
      h("span", {}, `${next.minutes} minutes, in ${next.module.title}`),
      h("span", { class: "start-left" }, ...where, h("a", { href: this.linkTo("guides/progress") }, "Your progress")));
  }
}
