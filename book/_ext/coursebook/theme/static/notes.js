// The source of a fact and the meaning of a word in a small card, and the way back from the foot of the page.
// WCAG 2.2, 1.4.13: Escape closes the card, the pointer may rest on it, and it stays until the reader leaves.
// Without this script the links lead to the foot of the page and to the glossary.

/* What an address means is unfolded; the foot is folded until somebody asks for it. */
const reveal = (hash) => {
  const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
};
document.querySelectorAll("details.sources").forEach((fold) => { fold.open = false; });
reveal(location.hash);
addEventListener("hashchange", () => reveal(location.hash));

/* The card. */
const card = document.createElement("div");
card.className = "fact-card";
card.setAttribute("aria-hidden", "true"); // the link already names what it shows by aria-describedby
card.hidden = true;
document.body.append(card);
const meant = (link) => document.getElementById(`${link.dataset.fact ? "" : "word-"}${link.hash.slice(1)}`);
const WORDS = "a[href*='#term-']:not(.headerlink)";
const noted = (node) => {
  const link = node instanceof Element ? node.closest(`a[data-fact], ${WORDS}`) : null;
  return link && !card.contains(link) && meant(link) ? link : null;
};
document.querySelectorAll(WORDS).forEach((link) => {
  if (meant(link)) link.setAttribute("aria-describedby", meant(link).id);
});
let shown = null;
let leaving = 0;
let touching = false;
const close = () => {
  clearTimeout(leaving);
  card.hidden = true;
  shown = null;
};
const open = (link) => {
  clearTimeout(leaving);
  const onward = document.createElement("a");
  onward.className = "fact-onward";
  onward.href = link.href;
  onward.textContent = link.dataset.fact ? "In the list of sources" : "In the glossary";
  const copy = meant(link).cloneNode(true);
  copy.querySelectorAll(".way-back").forEach((back) => back.remove());
  card.replaceChildren(...copy.childNodes, onward);
  card.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  card.querySelectorAll("a").forEach((a) => { a.tabIndex = -1; });
  card.hidden = false;
  shown = link;
  const page = document.documentElement;
  const box = link.getClientRects()[0];
  const size = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, page.clientWidth - size.width - 8));
  const below = box.bottom + size.height + 12 < innerHeight || box.top < size.height + 12;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(below ? box.bottom + 4 : box.top - size.height - 4) + scrollY}px`;
};

/* Pointer: over the link or the card it is open, elsewhere it closes after a moment, but not under the keyboard. */
addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = noted(event.target);
  clearTimeout(leaving);
  if (link && link !== shown) open(link);
  const away = !link && !card.contains(event.target) && shown && shown !== document.activeElement;
  if (away) leaving = setTimeout(close, 200);
});

/* Keyboard. */
addEventListener("focusin", (event) => {
  const link = noted(event.target);
  if (link?.matches(":focus-visible")) open(link);
});
addEventListener("focusout", (event) => {
  if (event.target === shown && !card.matches(":hover")) close();
});
addEventListener("keydown", (event) => {
  touching = false;
  if (event.key === "Escape" && shown) close();
});

/* Touch: the first tap opens the card, the second follows the link. Whoever follows one to the foot finds a way back. */

addEventListener("pointerdown", (event) => { touching = event.pointerType === "touch"; });
const wayBack = (link) => {
  const entry = link.dataset.fact ? meant(link) : null;
  if (!entry) return;
  if (!link.id) link.id = `from-${entry.id}-${[...document.querySelectorAll("a[data-fact]")].indexOf(link)}`;
  const back = entry.querySelector(".way-back") ?? document.createElement("a");
  back.className = "way-back";
  back.href = `#${link.id}`;
  back.textContent = "Back to the place in the text";
  entry.append(back);
};
addEventListener("click", (event) => {
  const onward = event.target instanceof Element && event.target.closest(".fact-onward");
  const link = onward ? shown : noted(event.target);
  if (link && touching && !onward && link !== shown) {
    event.preventDefault();
    open(link);
    return;
  }
  if (link) wayBack(link);
  const jump = event.target instanceof Element && event.target.closest("a[href*='#']");
  if (jump && jump.pathname === location.pathname) reveal(jump.hash);
  if (link || !card.contains(event.target)) close();
});
