// An exercise's page: "Am I right?" and "Pack for hand-in". Both ask the course's own server, which grades and
// packs by the same commands as the terminal; without that server the page names those commands and no more.

const base = document.documentElement.dataset.content_root;
const cookie = (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1];
const make = (kind, words = "", marks = {}) => {
  const made = Object.assign(document.createElement(kind), marks);
  made.append(words);
  return made;
};
const day = (moment) => new Date(moment).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });

/* One request; what goes wrong comes back as one sentence. */
const ask = async (address, body) => {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf") ?? "" },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(base + address, options);
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    return { fault: told.message || `The course's server answered ${answer.status}.` };
  } catch {
    return { fault: "The course's server does not answer. Is it still running? Start it again with make start." };
  }
};

/* A form with one button, a choice of notebooks where there are several, and a line that says how it goes. */
const form = (place, label, fields, notebooks, act) => {
  const box = make("form");
  const button = make("button", label, { type: "submit", className: "button" });
  const said = make("div");
  said.setAttribute("role", "status");
  let choice = null;
  if (notebooks.length > 1) {
    choice = make("select");
    notebooks.forEach((name) => choice.append(make("option", name, { value: name })));
    choice.value = notebooks.includes("exercise.ipynb") ? "exercise.ipynb" : notebooks[0];
    box.append(make("label", "Notebook ", {}));
    box.lastChild.append(choice);
  }
  box.append(...fields, button);
  let busy = false;
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true"); // it keeps the focus, which a disabled one loses
    await act(said, choice ? { notebook: choice.value } : {});
    button.removeAttribute("aria-disabled");
    busy = false;
  });
  place.replaceChildren(box, said);
  place.hidden = false;
};
const say = (place, ...lines) => place.replaceChildren(...lines.map((line) => (
  typeof line === "string" ? make("p", line) : line
)));

const practice = (place, name, state) => {
  form(place, "Am I right?", [], state.notebooks, async (said, chosen) => {
    const began = Date.now();
    const clock = make("span");
    clock.setAttribute("aria-hidden", "true"); // read out once a second it would be a nuisance
    const line = make("p", "Grading on this machine; the first time takes longer than the others. ");
    line.append(clock);
    say(said, line);
    const ticking = setInterval(() => { clock.textContent = `${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
    const told = await ask(`course/exercises/${name}/practice`, chosen);
    clearInterval(ticking);
    if (told.fault) say(said, told.fault);
    else location.assign(told.feedback);
  });
  if (state.practice) {
    const { when, score, max_score: most } = state.practice;
    const line = make("p", `Last time, on ${day(when)}: ${score} of ${most} automatic points. `);
    line.append(make("a", "Feedback", { href: `${base}course/exercises/${name}/feedback` }));
    place.append(line);
  }
};

const handIn = (place, name, state) => {
  const who = make("input", "", { type: "text", name: "learner", autocomplete: "username", spellcheck: false });
  const label = make("label", "Your id in the course ");
  label.append(who);
  form(place, "Pack for hand-in", [label], state.notebooks, async (said, chosen) => {
    say(said, "Packing …");
    const told = await ask(`course/exercises/${name}/hand-in`, { ...chosen, learner: who.value.trim() });
    if (told.fault) { say(said, told.fault); return; }
    const link = make("p");
    link.append(make("a", `Download ${told.file}`, { href: told.address, download: told.file }));
    say(said, link, ...told.said);
  });
};

const show = async (places) => {
  const status = await ask("course/status");
  if (status.course !== true) return;
  const note = status.signed_in ? null : "You are reading without the address that the terminal printed, so the "
    + "buttons for practice and hand-in are not here. Open that address once, then load this page again.";
  for (const place of places) {
    const name = place.dataset.practice ?? place.dataset.handIn;
    if (note) {
      if (place.dataset.practice) { say(place, note); place.hidden = false; }
      continue;
    }
    const state = await ask(`course/exercises/${name}`);
    if (state.fault) say(place, state.fault);
    else if (!state.notebooks.length) say(place, "Open the exercise live first; then there is something to look at.");
    else (place.dataset.practice ? practice : handIn)(place, name, state);
    place.hidden = false;
  }
};

const places = document.querySelectorAll("[data-practice], [data-hand-in]");
if (places.length && /(^|; )course_live=1/.test(document.cookie)) {
  show(places);
  // Come back from JupyterLab, or with the browser's Back: what there is may have changed.
  addEventListener("pageshow", (event) => { if (event.persisted) show(places); });
}
