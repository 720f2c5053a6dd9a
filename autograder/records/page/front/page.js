// The page itself: take files, verify each, tell what was found. Every word of a file is shown as text.

const pinned = JSON.parse(document.getElementById("pinned").textContent);
const results = document.getElementById("results");
const choose = document.getElementById("choose");
const drop = document.getElementById("drop");

function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const day = (text) => (isMoment(text) ? new Date(moment(text)).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) : "");

/** The record that the code on a certificate names, behind the # of this page's address. */
function asked() {
  const text = decodeURIComponent(location.hash.slice(1));
  return text.startsWith("urn:uuid:") ? text : "";
}

function holder({ credentialSubject: { id, identifier } }) {
  const names = (identifier ?? []).map((one) => (one.hashed ? "whoever has the e-mail address whose hash is in the record" : one.identityHash));
  return names.join(", ") || (id ? "not named (a random number stands for the person)" : "not named");
}

const FOLDED = 4; // so many pieces are shown at once

function described(record) {
  const { achievement } = record.credentialSubject;
  const rows = [
    ["Issued by", record.issuer.name ?? record.issuer.id ?? record.issuer],
    ["Holder", holder(record)],
    ["Completed", day(record.awardedDate)],
    ["Valid", `from ${day(record.validFrom)}${record.validUntil ? ` to ${day(record.validUntil)}` : ", without end"}`],
    ["Course version", isText(achievement.version) ? achievement.version : ""],
    ["Criteria", achievement.criteria.narrative ?? ""],
    ["Record", record.id],
  ].filter(([, value]) => value);
  const pieces = (Array.isArray(record.evidence) ? record.evidence : []).filter(isObject).map((piece) =>
    h("li", {}, [piece.name, piece.description].filter(isText).join(". "), isText(piece.narrative) ? h("small", {}, piece.narrative) : null));
  return [
    h("dl", {}, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))),
    // Sixteen pieces with the facts of each would push the limits of this check off the screen.
    pieces.length ? h("details", pieces.length > FOLDED ? {} : { open: "" }, h("summary", {}, `Evidence: ${pieces.length === 1 ? "1 piece" : `${pieces.length} pieces`}`),
      h("ul", { class: "evidence" }, pieces)) : null,
  ];
}

/** In a word: what a reader may conclude. Unknown is not bad, and it is not good either. */
function verdict({ valid, checks }) {
  if (valid) return ["good", "✓", "Valid"];
  return checks.every((one) => one.ok || one.open) ? ["open", "?", "Not confirmed"] : ["bad", "✕", "Not valid"];
}

function told(name, result) {
  const [kind, sign, word] = verdict(result);
  const record = result.document;
  const title = record ? record.credentialSubject.achievement.name : "";
  const wanted = asked();
  const other = record && wanted && record.id !== wanted;
  return h("article", { class: kind },
    h("h3", { tabindex: "-1" }, h("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${word}`, title ? `: ${title}` : ""),
    h("p", { class: "file" }, name),
    title.startsWith("Demonstration") ? h("p", { class: "note" }, "This is a demonstration. It certifies nothing.") : null,
    other ? h("p", { class: "note" }, `The code that led you here names another record (${wanted}) than this file holds.`) : null,
    h("ul", { class: "checks" }, result.checks.map((one) =>
      h("li", { class: one.ok ? "ok" : one.open ? "unknown" : "not" },
        h("strong", {}, one.ok ? "Yes" : one.open ? "?" : "No"), ` ${one.check}: ${one.message}`))),
    record ? described(record) : null,
    result.valid && !title.startsWith("Demonstration") ? h("p", { class: "profile" },
      h("a", { href: profileLink(record), target: "_blank", rel: "noopener noreferrer" }, "Add it to your LinkedIn profile"),
      h("small", {}, "For its holder. LinkedIn gets title, issuer, days and name of the record when you follow the link.")) : null);
}

async function judge(file) {
  try {
    if (file.size > MAX_FILE) throw new Fault("It is larger than any file that carries a record.");
    if (!globalThis.crypto?.subtle) throw new Open("This browser checks signatures only on pages from https:// or from a file. Save this page and open the copy.");
    const bytes = new Uint8Array(await file.arrayBuffer());
    return await verifyRecord(parseJson(await unwrap(bytes)), pinned);
  } catch (error) {
    const old = error instanceof DOMException && error.name === "NotSupportedError";
    const words = error instanceof Fault ? error.message
      : old ? "This browser is too old to check the signature (Ed25519). Use a newer one, or records verify."
        : "It cannot be read as a record.";
    return { valid: false, document: null, checks: [{ check: "file", ok: false, message: words, open: old || error instanceof Open }] };
  }
}

async function take(files) {
  const chosen = [...files].slice(0, 50);
  if (!chosen.length) return;
  results.replaceChildren(h("h2", { tabindex: "-1" }, "Result"), h("p", { role: "status" }, "Checking …"));
  const articles = [];
  for (const file of chosen) articles.push(told(file.name, await judge(file)));
  const counted = articles.length > 1 ? `${articles.filter((one) => one.className === "good").length} of ${articles.length} files are valid.`
    : articles[0].querySelector("h3").textContent.replace(/^. /u, "");
  results.replaceChildren(h("h2", { tabindex: "-1" }, "Result"), h("p", { role: "status", class: "status" }, counted), ...articles);
  results.querySelector("h2").focus({ preventScroll: true });
  results.scrollIntoView({ block: "start" });
}

choose.addEventListener("change", () => {
  take(choose.files).then(() => (choose.value = ""));
});
for (const name of ["dragenter", "dragover"])
  addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
addEventListener("dragleave", (event) => event.relatedTarget ?? drop.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files);
});

/** What the issuer tells of a record at its holder's wish: its status now, and a name only where one was given. */
async function published(id, told) {
  const now = Date.now();
  const places = [[told.list, "revocation"], ...(pinned.issuer.suspends ? [[besides(told.list), "suspension"]] : [])];
  let [kind, sign, word, words] = ["good", "✓", "In force", ""];
  for (const [address, purpose] of places) {
    const [state, said] = await lookUp(pinned.lists, address, purpose, told.index, pinned.issuer, now);
    if (state !== "good" && kind !== "bad") [kind, sign, word, words] = state === "bad" ? ["bad", "✕", "Not in force", said] : ["open", "?", "Not confirmed", said];
  }
  if (moment(told.expires) <= now) [kind, sign, word, words] = ["bad", "✕", "Not in force", `Expired on ${day(told.expires)}.`];
  const rows = [["Issued by", pinned.issuer.name], ["Awarded to", told.name], ["Completed", day(told.completed)],
    ["Valid", `from ${day(told.issued)} to ${day(told.expires)}`], ["Record", id]].filter(([, value]) => value);
  return h("article", { class: kind, id: "published" },
    h("h2", {}, h("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${word}: ${told.title}`),
    words ? h("p", {}, words) : null,
    h("dl", {}, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    h("p", { class: "note" }, `${pinned.issuer.name} says this here because the holder asked for it. It is about the record with this number, `
      + "and not about the sheet in your hand: compare what the sheet says, or give this page the file that came with it."));
}

async function greet() {
  const [note, id] = [document.getElementById("asked"), asked()];
  const told = Object.hasOwn(pinned.public, id) ? pinned.public[id] : null;
  document.getElementById("published")?.remove();
  note.hidden = !id || told !== null;
  note.querySelector("code").textContent = id;
  if (told) note.after(await published(id, told));
}
addEventListener("hashchange", greet);
addEventListener("beforeprint", () => results.querySelectorAll("details").forEach((one) => (one.open = true)));
greet();
const stale = Object.values(pinned.lists).some((list) => !(moment(list.validUntil) > Date.now()));
document.getElementById("stale").hidden = !stale;
document.documentElement.classList.add("works");
