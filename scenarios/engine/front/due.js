// On the book's first page: a line that says how many questions are due, for whoever has any. Nothing is asked of anybody.

import { browserStore, readObject } from "./progress.js";
import { dayOf, readSchedule } from "./schedule.js";

for (const line of document.querySelectorAll(".review-line")) {
  const schedule = readSchedule(readObject(browserStore("open-by-default:review").read() ?? "null"));
  const today = dayOf(new Date());
  const count = Object.values(schedule?.cards ?? {}).filter((card) => card.due <= today).length;
  line.querySelector("a").textContent = count === 1 ? "1 question is due in your review today" : `${count} questions are due in your review today`;
  line.hidden = count === 0;
}
