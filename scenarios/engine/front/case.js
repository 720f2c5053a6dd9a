// The player of cases and quizzes, for a page of the book and for a notebook.
//
// The words are in the page already, as a game book that html.py wrote; the player shows one scene of it at a time.
// It adds no text of the case itself and asks no other host for anything. On a page it starts by itself; in a
// notebook anywidget calls `render`. frontend.py joins these files into one, for the page and for the notebook.

import { QuizPlayer } from "./quiz.js";
import { StoryPlayer } from "./story.js";

/** Turn a game book that is in the page into a player. */
export function enhance(root, model = null) {
  return root.dataset.kind === "quiz" ? new QuizPlayer(root, model) : new StoryPlayer(root, model);
}

/** In a notebook: anywidget gives the model, whose `page` is the game book. */
function render({ model, el }) {
  el.innerHTML = model.get("page");
  const root = el.querySelector(".case-root");
  root.classList.add("case-notebook");
  const player = enhance(root, model);
  return () => player.stop();
}

if (/^https?:/.test(import.meta.url))
  for (const root of document.querySelectorAll(".case-root:not(.case-playing)")) enhance(root);

export default { render };
