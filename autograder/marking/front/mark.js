// Marking by keyboard. Without this script the page's forms work as plain forms.
"use strict";

const RESERVED = { s: "skip", p: "previous", o: "overview", w: "write" };
const root = document.documentElement;
root.classList.add("js");
const form = document.querySelector("form[data-letter]");
const told = document.querySelector("#told");
const single = document.querySelector("#single");

// WCAG 2.1.4: who speaks to the machine, or has other keys, can turn single keys off.
if (single) {
  single.checked = localStorage.getItem("marking single keys") !== "off";
  single.addEventListener("change", () => localStorage.setItem("marking single keys", single.checked ? "on" : "off"));
}

function tell(words, bad) {
  told.textContent = words;
  told.classList.toggle("bad", Boolean(bad));
}

function follow(name) {
  const link = document.querySelector(`a[data-go="${name}"]`);
  if (link) link.click();
  return Boolean(link);
}

const desk = form ? makeDesk() : null;

function makeDesk() {
  const parts = [...form.querySelectorAll("fieldset[data-part]")];
  const comment = form.elements.comment;
  const name = `marking ${form.dataset.letter} ${form.dataset.role}`;
  let current = 0;
  let busy = false;

  const value = (part) => {
    const typed = part.querySelector("input[type=number]");
    if (typed) return typed.value === "" || !typed.checkValidity() ? null : typed.value;
    return part.querySelector("input:checked")?.value ?? null;
  };

  const turn = (index, { focus = true, scroll = true } = {}) => {
    current = Math.max(0, Math.min(parts.length - 1, index));
    parts.forEach((part, at) => part.classList.toggle("current", at === current));
    if (!focus || !parts.length) return;
    const part = parts[current];
    (part.querySelector("input:checked") ?? part.querySelector("input")).focus({ preventScroll: true });
    if (scroll) part.scrollIntoView({ block: "nearest" });
  };

  const total = () => {
    const given = parts.map(value);
    const sum = given.reduce((all, one) => all + Number(one ?? 0), 0);
    form.querySelector("output").textContent = given.every((one) => one !== null) ? String(sum) : `${sum} so far`;
  };

  const pieces = () => comment.value.split(/\n\s*\n/).map((one) => one.trim()).filter(Boolean);
  const press = () => {
    const now = pieces();
    for (const button of form.querySelectorAll("button[data-comment]"))
      button.setAttribute("aria-pressed", String(now.includes(button.dataset.comment)));
  };

  // What is not saved yet outlives a closed tab, a stopped server and a gradebook that is in use.
  const keep = () => {
    const points = parts.map(value);
    const draft = { answer: form.elements.answer.value, points, comment: comment.value };
    localStorage.setItem(name, JSON.stringify(draft));
  };
  const changed = () => {
    total();
    press();
    keep();
  };

  const fill = () => {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(name));
    } catch {
      localStorage.removeItem(name);
    }
    if (!draft) return;
    if (draft.answer !== form.elements.answer.value) {
      localStorage.removeItem(name);
      return;
    }
    parts.forEach((part, at) => {
      const given = draft.points?.[at] ?? null;
      if (given === null) return;
      const typed = part.querySelector("input[type=number]");
      if (typed) typed.value = given;
      else [...part.querySelectorAll("input")].filter((one) => one.value === given).forEach((one) => (one.checked = true));
    });
    comment.value = draft.comment ?? comment.value;
    tell("What you gave here before is filled in; it is not saved yet.", true);
  };

  const give = (digit) => {
    const part = parts[current];
    const found = [...part.querySelectorAll("input[type=radio]")].find((one) => one.value === digit);
    if (!found) {
      tell(`This part takes ${part.dataset.most} points at most.`, true);
      return;
    }
    found.checked = true;
    tell("");
    changed();
    turn(current + 1);
  };

  const toggle = (button) => {
    const now = pieces();
    const text = button.dataset.comment;
    comment.value = (now.includes(text) ? now.filter((one) => one !== text) : [...now, text]).join("\n\n");
    changed();
  };

  const conflict = (data) => {
    const box = document.querySelector("#conflict");
    box.hidden = false;
    box.querySelector("button").onclick = () => {
      form.elements.version.value = data.version;
      box.hidden = true;
      save();
    };
    box.querySelector("a").onclick = () => localStorage.removeItem(name);
    box.querySelector("button").focus();
  };

  async function save() {
    if (busy) return;
    const lacking = parts.findIndex((part) => value(part) === null);
    if (lacking >= 0) {
      tell(`“${parts[lacking].dataset.name}” has no points yet, or too many.`, true);
      turn(lacking);
      return;
    }
    keep();
    busy = true;
    tell("Saving …");
    try {
      const body = new URLSearchParams(new FormData(form));
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin", redirect: "error" });
      const data = await answer.json();
      if (answer.ok) {
        localStorage.removeItem(name);
        location.assign(data.next);
        return;
      }
      tell(data.message, true);
      if (data.version) conflict(data);
    } catch {
      tell(
        "Not saved: the server does not answer. What you gave is kept in this browser. " +
          "Start autograder mark again with the same --port, open the address that it prints, and come back to this letter.",
        true,
      );
    }
    busy = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("input", changed);
  form.addEventListener("focusin", (event) => {
    const at = parts.indexOf(event.target.closest("fieldset[data-part]"));
    if (at >= 0 && at !== current) turn(at, { focus: false });
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-comment]");
    if (button) toggle(button);
  });
  fill();
  total();
  press();
  const open = parts.findIndex((part) => value(part) === null);
  // The letter is read first: on a narrow page the form lies far below it.
  turn(open < 0 ? 0 : open, { scroll: false });
  return { turn: (by) => turn(current + by), give, toggle, comment };
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  const writing = at.tagName === "TEXTAREA";
  if (event.key === "Escape" && writing) {
    desk.turn(0);
    return;
  }
  if (event.key === "Enter" && (!writing || event.ctrlKey || event.metaKey)) {
    if (/^(A|BUTTON|SUMMARY)$/.test(at.tagName)) return;
    event.preventDefault();
    if (form) form.requestSubmit();
    else follow("next");
    return;
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey || (single && !single.checked)) return;
  const key = event.key.toLowerCase();
  const typing = at.tagName === "INPUT" && at.type === "number";
  if (desk && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    desk.turn(event.key === "ArrowDown" ? 1 : -1);
  } else if (desk && /^[0-9]$/.test(key) && !typing) {
    event.preventDefault();
    desk.give(key);
  } else if (desk && RESERVED[key] === "write") {
    event.preventDefault();
    desk.comment.focus();
  } else if (RESERVED[key]) {
    if (follow(RESERVED[key])) event.preventDefault();
  } else if (desk && /^[a-z]$/.test(key)) {
    const button = [...form.querySelectorAll("button[data-key]")].find((one) => one.dataset.key === key);
    if (button) {
      event.preventDefault();
      desk.toggle(button);
    }
  }
});
