// What a page does beside being read: theme, contents, copying, review dates, the live link; notes.js has the cards.
// Everything here is a comfort; the page reads, links and prints without it.

const root = document.documentElement;
const when = (query, act) => document.querySelectorAll(query).forEach(act);

/* Theme: system, light, dark. */
const modes = ["system", "light", "dark"];
const button = document.getElementById("mode");
if (button) {
  const show = () => { button.textContent = `Theme: ${root.dataset.theme || "system"}`; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = modes[(modes.indexOf(root.dataset.theme || "system") + 1) % modes.length];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    try { localStorage.setItem("mode", next); } catch { /* the choice then lasts for this page */ }
    show();
  });
  show();
}

/* The contents are open beside a wide page and closed above a narrow one. */
const contents = document.getElementById("contents");
const wide = matchMedia("(min-width: 62rem)");
if (contents) {
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  const here = contents.querySelector("a.current.reference:not(:has(~ details .current))");
  if (here) {
    here.setAttribute("aria-current", "page");
    if (wide.matches) contents.parentElement.scrollTop += here.getBoundingClientRect().top - 160;
  }
}

/* Review dates: decided here and now, so that an old copy of the book says so too. */
const today = new Date().toLocaleDateString("sv"); // YYYY-MM-DD in the reader's zone
const due = [...document.querySelectorAll("[data-review-by]")].filter((item) => item.dataset.reviewBy < today);
const banner = document.getElementById("stale");
if (banner && due.length) {
  const few = due.length === 1 ? "One source on this page is" : `${due.length} sources on this page are`;
  const text = document.createElement("p");
  text.textContent = `${few} past the date on which somebody should have read the law again: `;
  due.forEach((item, at) => {
    const link = document.createElement("a");
    link.href = `#${item.id}`;
    link.textContent = `${item.dataset.cited} (review by ${item.dataset.reviewBy})`;
    text.append(at ? ", " : "", link);
  });
  text.append(". The rule may have changed. Check it before you rely on it.");
  banner.append(text);
  banner.setAttribute("role", "note");
  banner.setAttribute("aria-label", "Past its review date");
  banner.hidden = false;
  due.forEach((item) => item.classList.add("due"));
}

/* The live link shows only where the course's own server says that it is there, and only to a reader who has
   signed in; others read what to do. The server sets the cookie: without it nothing is asked, so that a plain
   copy of the book makes no request that fails. The first page has no link of its own. */
const offer = (place, status) => {
  if (status.course !== true || (status.signed_in && !place.dataset.live)) return;
  if (status.signed_in) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = root.dataset.content_root + place.dataset.live;
    link.textContent = place.dataset.label;
    place.replaceChildren(link, " It opens in your own JupyterLab, and what you change there is kept.");
  } else {
    const command = document.createElement("code");
    command.textContent = "make start";
    const words = document.createElement("span");
    words.append("You are reading without the address that the terminal printed, so nothing can be opened live here. Run ", command, " once more in the course's folder: it shows the address that signs you in.");
    place.replaceChildren(words);
  }
  place.hidden = false;
  place.parentElement.querySelectorAll(".not-live").forEach((other) => { other.hidden = true; });
};
const places = [...document.querySelectorAll("[data-live]")];
if (places.length && /(^|; )course_live=1/.test(document.cookie)) {
  fetch(`${root.dataset.content_root}course/status`)
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then((status) => places.forEach((place) => offer(place, status)))
    .catch(() => { /* the server has been stopped: the page reads as a plain copy */ });
}

/* Copy a listing. */
when("div.highlight > pre", (listing) => {
  if (!navigator.clipboard) return;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(listing.innerText);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  listing.parentElement.append(copy);
  listing.tabIndex = 0; // a listing that scrolls sideways must scroll by keyboard
});

/* What scrolls sideways takes the keyboard; paper has no folds. */
const reach = (box) => {
  const scrolls = box.scrollWidth > box.clientWidth;
  const marks = { tabindex: "0", role: "group", "aria-label": "Scrolls sideways" };
  Object.entries(marks).forEach(([name, value]) => {
    if (scrolls) box.setAttribute(name, value); else box.removeAttribute(name);
  });
};
const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => reach(target)));
when(".scroll, .cell_output, div.math", (box) => sizes.observe(box));
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  folded.forEach((fold) => { fold.open = true; });
});
addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));

/* A figure asks the page around it whether it is dark (courselab/figures.py). WebKit lets no picture know, so there
   the answer is written into it, and written anew when the theme changes or the page goes to paper. */
if (navigator.vendor.startsWith("Apple")) {
  const [question, head, drawn] = ["@media(prefers-color-scheme:dark)", "data:image/svg+xml;base64,", new Map()];
  const system = matchMedia("(prefers-color-scheme: dark)");
  when(`main img[src^="${head}"]`, (figure) => drawn.set(figure, atob(figure.src.slice(head.length))));
  const answer = (paper = false) => {
    const dark = !paper && (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    drawn.forEach((svg, figure) => { figure.src = head + btoa(svg.replace(question, `@media ${dark ? "all" : "not all"}`)); });
  };
  system.addEventListener("change", () => answer());
  new MutationObserver(() => answer()).observe(root, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", () => answer(true));
  addEventListener("afterprint", () => answer());
  answer();
}
