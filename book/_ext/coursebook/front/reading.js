// When a page counts as read: its foot was seen, and it stood open, visible, for a quarter of its stated minutes.
// Whoever reads faster marks it by hand, and can take that back; a mark that was taken back does not come again by itself.

const SHARE = 0.25;
const [LEAST, LONGEST_WAIT] = [20_000, 240_000]; // milliseconds
const STAYED = 20_000; // from then on this page is where somebody left off
const SPENT = "open-by-default:spent";

export const enough = (part) => Math.min(Math.max(part.minutes * 60_000 * SHARE, LEAST), LONGEST_WAIT);

/** Time on each page, kept while the tab lives, so that a reload loses none. */
function clockOf(page) {
  let all = {};
  try {
    all = JSON.parse(sessionStorage.getItem(SPENT)) ?? {};
  } catch { /* then it counts from now on */ }
  let spent = Number.isFinite(all[page]) ? all[page] : 0;
  return (more) => {
    spent += more;
    try {
      sessionStorage.setItem(SPENT, JSON.stringify({ ...all, [page]: spent }));
    } catch { /* it counts for this page alone */ }
    return spent;
  };
}

export function watchReading(part, keeper, foot, readable) {
  const spend = clockOf(part.page);
  let [seen, before] = [false, Date.now()];
  new IntersectionObserver((entries) => { seen ||= entries.some((entry) => entry.isIntersecting); }).observe(foot);
  const watch = setInterval(() => {
    const passed = Date.now() - before;
    before = Date.now();
    if (document.visibilityState !== "visible") return;
    const spent = spend(Math.min(passed, 2000)); // a laptop that slept has read nothing
    if (spent >= STAYED) keeper.visit(part.page);
    if (!readable) return void (spent >= STAYED && clearInterval(watch));
    if (seen && spent >= enough(part)) {
      clearInterval(watch);
      if (!keeper.state.pages[part.page]) keeper.mark(part.page, true, "foot");
    }
  }, 1000);
}
