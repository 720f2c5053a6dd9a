// What a button that prints has to say before it is pressed: about how many pages will come.

const letters = (element) => (element ? element.textContent.replace(/\s+/g, " ").length : 0);
const about = (pages) => `about ${Math.max(2, Math.round(pages))} pages`;

/** The whole case or quiz: its words fill the pages, and the frame around every choice takes room of its own.
    The figures are fitted to the twelve cases and quizzes of the course, printed on A4; a test holds them to it. */
export function wholeOnPaper(root) {
  const page = root.closest("main") ?? root;
  const words = [...root.querySelectorAll("[data-scene], .case-intro, .case-people, .case-rules"), page.querySelector(".facts")]
    .reduce((sum, part) => sum + letters(part), 0);
  const frame = root.dataset.kind === "quiz" ? 0.08 : 0.155; // a quiz's options are short and lead nowhere
  return about(words * 0.00032 + root.querySelectorAll("[data-choice]").length * frame);
}

/** A learner's own walk, with what each fork offered besides, and the page's sources. */
export function walkOnPaper(root, parts) {
  const page = root.closest("main") ?? root;
  return about([...parts, page.querySelector(".facts")].reduce((sum, part) => sum + letters(part), 0) / 1600);
}
