// "Discuss in class": the case on a wall, for an instructor. No scores, the speaker's notes in sight, choices with
// letters and room for a show of hands; and the instructor's own progress is left alone.

import { h } from "./dom.js";
import { browserStore, fresh, parse } from "./progress.js";

const letter = (at) => String.fromCharCode(65 + at);

class Room {
  constructor(player) {
    this.own = player.progress;
    this.store = browserStore(`${player.store.key}:class`, "sessionStorage"); // until this tab is closed
  }

  write(text) {
    this.store.write(text);
  }

  /** Give each choice a letter and a place for its number of hands. */
  vote(scene, open) {
    const line = h("p", { class: "case-tally", role: "status" });
    const inputs = open.map((number, at) => {
      const item = scene.querySelector(`[data-choice="${number}"]`);
      const choice = item.querySelector(".case-choice");
      choice.prepend(h("b", { class: "case-letter" }, letter(at), h("span", { class: "case-status" }, ": ")));
      const input = h("input", { type: "number", min: 0, max: 999, inputmode: "numeric", "aria-label": `Hands for ${letter(at)}`, placeholder: "hands" });
      choice.after(input);
      return input;
    });
    const count = () => {
      const hands = inputs.map((input, at) => [Math.min(Math.max(Math.trunc(Number(input.value)) || 0, 0), 999), letter(at)]);
      const some = hands.filter(([number]) => number > 0).sort(([a], [b]) => a - b);
      line.textContent = some.length < 2 ? ""
        : `Let the fewest speak first: ${some.map(([number, name]) => `${name} (${number})`).join(", ")}.`;
    };
    for (const input of inputs) input.addEventListener("input", count);
    scene.querySelector(".case-choices").after(line);
    return [...inputs, line];
  }
}

/** Put the learner's own play aside and begin one for the class. */
export function enterRoom(player, text = null) {
  const found = text === null ? {} : parse(text, player.data);
  player.room = new Room(player);
  player.root.classList.add("case-class");
  player.progress = found.progress ?? fresh();
  for (const notes of player.root.querySelectorAll("details.case-speaker")) notes.open = true;
  player.save();
  player.draw("title");
  player.note("Class mode: no scores, and the speaker’s notes are shown. Your own progress is kept apart.");
}

/** Go back to the learner's own play. */
export function leaveRoom(player) {
  const { own, store } = player.room;
  store.forget();
  player.room = null;
  player.root.classList.remove("case-class");
  player.progress = own;
  player.draw("title");
  player.note("You are back in your own play.");
}

/** A reload in front of a class must not end the class. */
export function resumeRoom(player) {
  const text = player.model ? null : new Room(player).store.read();
  if (text !== null) enterRoom(player, text);
}
