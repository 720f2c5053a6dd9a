// A way through several modules, begun on the front page: the foot of each of its pages leads on, until one leaves it.

import { button, h } from "./dom.js";
import { browserStore, readObject } from "./progress.js";
import { pageOf } from "./show.js";
import { titleOf } from "./standing.js";

const chosen = browserStore("open-by-default:path", "sessionStorage");

/** On the front page: whoever follows a link of a path is on that path. */
export function offerPaths(base, here) {
  for (const box of document.querySelectorAll(".path")) {
    const pages = [...box.querySelectorAll("a")].map((link) => pageOf(link, base, here));
    const title = box.querySelector("strong").textContent;
    box.addEventListener("click", (event) => event.target.closest("a") && chosen.write(JSON.stringify({ title, pages })));
  }
}

/** What comes next on the path that was chosen; nothing where this page is not on it. */
export class Onward {
  constructor(foot, part, keeper, linkTo) {
    Object.assign(this, { part, keeper, linkTo });
    this.line = h("p", { class: "standing-path" });
    foot.append(this.line);
  }

  draw() {
    const { title, pages } = readObject(chosen.read() ?? "null") ?? {};
    const at = Array.isArray(pages) ? pages.indexOf(this.part.page) : -1;
    this.line.hidden = at < 0;
    if (at < 0) return;
    const next = this.keeper.parts.find((part) => part.page === pages[at + 1]);
    const leave = button("Leave the path", () => { chosen.forget(); this.draw(); }, "standing-mark");
    const onward = next ? [`Page ${at + 1} of ${pages.length} of `, h("strong", {}, String(title)), ". Next: ",
      h("a", { href: this.linkTo(next.page) }, titleOf(next)), ` (${next.minutes} min). `] : ["That was the last page of ", h("strong", {}, String(title)), ". "];
    this.line.replaceChildren(...onward, leave);
  }
}
