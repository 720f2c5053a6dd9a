// On every page: a learner's progress, kept in this browser and, where the course's server is on, in the workspace.
// The page reads, links and prints without it.

import { Keeper, PROGRESS_EVENT } from "./keeper.js";
import { Onward, offerPaths } from "./path.js";
import { watchReading } from "./reading.js";
import { Report } from "./report.js";
import { Foot, Start, Ticks, isReadable } from "./show.js";
import { syncWithCourse } from "./sync.js";

const plan = globalThis.coursePlan;
if (plan?.modules.length) {
  const { dataset } = document.documentElement;
  const base = new URL(dataset.content_root ?? "./", location.href);
  const linkTo = (page) => `${dataset.content_root}${page}.html`;
  const keeper = new Keeper(plan);
  const part = keeper.parts.find((one) => one.page === dataset.page);
  const [foot, start, report] = ["#standing", ".start", ".report-root"].map((one) => document.querySelector(one));
  const shown = [new Ticks(keeper, base, dataset.page)];
  if (start) shown.push(new Start(start, keeper, linkTo));
  if (report) shown.push(new Report(report, keeper, linkTo));
  if (part && foot) {
    shown.push(new Foot(foot, part, keeper, linkTo), new Onward(foot, part, keeper, linkTo));
    watchReading(part, keeper, foot, isReadable(part));
    // Whoever decides or answers something was here, however short it took.
    addEventListener(PROGRESS_EVENT, (event) => event.detail || keeper.visit(part.page));
    document.querySelector("main").addEventListener("click", (event) => {
      if (event.target.closest("[data-live] a")) keeper.open(part);
    });
  }
  offerPaths(base, dataset.page);
  const draw = () => shown.forEach((one) => one.draw());
  keeper.onChange(draw);
  draw();
  syncWithCourse(keeper, base);
}
