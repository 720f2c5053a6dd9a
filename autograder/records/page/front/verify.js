// Verify a record against what this page was published with: the issuer's keys and its status lists.
// records/verify.py holds the same rules; the page differs in one point, which it says: it checks the signature
// eddsa-jcs-2022, and of eddsa-rdfc-2022 only what stands around the signature.

const CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];
const [RDFC, JCS] = ["eddsa-rdfc-2022", "eddsa-jcs-2022"];
const FOREIGN = ["ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023", "bbs-2023"];
const SMALLEST_LIST = 131_072;
const LARGEST_LIST = 1_048_576; // bytes
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const LEEWAY = 5 * 60_000; // milliseconds: the clocks of two machines never agree
const isText = (value) => typeof value === "string";
const isShort = (value) => isText(value) && value.length > 0 && value.length <= 300 && !/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(value);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const listed = (value) => (Array.isArray(value) ? value : [value]);
const areNames = (value) => listed(value).length > 0 && listed(value).every(isText);
const optional = (test) => (value) => value === undefined || value === null || test(value);

/** A moment with a time zone in milliseconds, or NaN. */
function moment(text) {
  const found = isText(text) && /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!found) return NaN;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const there = new Date(Date.UTC(year, month - 1, day));
  // Date would take 30 February for 1 March.
  const real = year >= 1 && there.getUTCMonth() === month - 1 && there.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? Date.parse(text) : NaN;
}
const isMoment = (value) => !Number.isNaN(moment(value));

// ---- The form ----

const FORM = [
  ["@context", (d) => Array.isArray(d["@context"]) && d["@context"].join(" ") === CONTEXTS.join(" ") && d["@context"].length === 2],
  ["id", (d) => isShort(d.id)],
  ["type", (d) => areNames(d.type) && listed(d.type).includes("VerifiableCredential") &&
    listed(d.type).some((name) => name === "OpenBadgeCredential" || name === "AchievementCredential")],
  ["name", (d) => optional(isText)(d.name)],
  ["issuer", (d) => isShort(d.issuer) || (isObject(d.issuer) && isShort(d.issuer.id) && optional(isText)(d.issuer.name))],
  ["validFrom", (d) => isMoment(d.validFrom)],
  ["validUntil", (d) => optional(isMoment)(d.validUntil)],
  ["credentialSubject", (d) => isObject(d.credentialSubject) && optional(isText)(d.credentialSubject.id) && areNames(d.credentialSubject.type)],
  ["credentialSubject.identifier", ({ credentialSubject: { identifier } }) => identifier === undefined ||
    (Array.isArray(identifier) && identifier.every((one) => isObject(one) && typeof one.hashed === "boolean" &&
      isText(one.identityHash) && isText(one.identityType) && optional(isText)(one.salt)))],
  ["credentialSubject.achievement", ({ credentialSubject: { achievement: a } }) => isObject(a) && isShort(a.id) && areNames(a.type) &&
    isShort(a.name) && isText(a.description) && isObject(a.criteria) && optional(isText)(a.criteria.id) && optional(isText)(a.criteria.narrative)],
  ["credentialStatus", (d) => optional((value) => listed(value).length > 0 && listed(value).every(isEntry))(d.credentialStatus)],
];
const isEntry = (one) => isObject(one) && [one.type, one.statusPurpose, one.statusListIndex, one.statusListCredential].every(isText) &&
  one.statusListCredential.startsWith("https://");

// ---- Signatures ----

function base58(text) {
  if (!isText(text) || text[0] !== "z" || text.length > 128) throw new Fault("its signature is not base58btc text");
  let value = 0n;
  for (const symbol of text.slice(1)) {
    const digit = ALPHABET.indexOf(symbol);
    if (digit < 0) throw new Fault("its signature holds a symbol that base58btc does not have");
    value = value * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
  const zeros = /^1*/.exec(text.slice(1))[0].length;
  return new Uint8Array([...Array(zeros).fill(0), ...bytes]);
}

const digest = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

function without(object, key) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** The 64 bytes that eddsa-jcs-2022 signs: digest of the options, digest of the document. */
async function signedData(document, proof) {
  const parts = [await digest(canonical(without(proof, "proofValue"))), await digest(canonical(without(document, "proof")))];
  return new Uint8Array([...parts[0], ...parts[1]]);
}

/** What stands around a signature: kind, purpose, key, time. Gives the key, and throws what is wrong. */
function keyOf(document, proof, identity, issuer, now) {
  const method = proof.verificationMethod;
  if (!isText(method) || !method.startsWith(`${identity}#`)) throw new Fault("its key does not belong to the issuer that the record names");
  const created = moment(proof.created);
  if (Number.isNaN(created)) throw new Fault("its time is missing or not a moment");
  if (created > now + LEEWAY) throw new Fault("it was made in the future, by the clock of this device");
  if ("expires" in proof && !(moment(proof.expires) > now)) throw new Fault("it has expired");
  if (proof.type !== "DataIntegrityProof") throw new Fault("it is of a kind that this page does not know");
  if (proof.proofPurpose !== "assertionMethod") throw new Fault("its purpose is not assertionMethod");
  if ("previousProof" in proof) throw new Fault("it is part of a proof chain, which this page does not follow");
  if (base58(proof.proofValue).length !== 64) throw new Fault("its signature is not 64 bytes long");
  if (proof.cryptosuite === JCS && canonical(proof["@context"] ?? null) !== canonical(document["@context"]))
    throw new Fault("the contexts of the record are not those that were signed");
  if (!issuer) return method.slice(method.indexOf("#") + 1);
  const key = issuer.keys.find((one) => one.id === method);
  if (!key) throw new Fault("its key is not one of this issuer’s");
  if (created < moment(key.valid_from)) throw new Fault("it claims to be older than its key");
  if (key.valid_until && created > moment(key.valid_until)) throw new Fault("it was made after its key had been retired");
  if (key.signs === "publications") throw new Fault("its key signs status lists, and no records");
  if (key.compromised)
    throw new Open("its key was reported compromised, so this page cannot tell; records verify can, where the record was published before");
  return key.publicKeyMultibase;
}

async function checkSignature(document, proof, multibase) {
  const raw = base58(multibase);
  if (raw.length !== 34 || raw[0] !== 0xed || raw[1] !== 1) throw new Fault("its key is not an Ed25519 key");
  const key = await crypto.subtle.importKey("raw", raw.subarray(2), { name: "Ed25519" }, false, ["verify"]);
  const good = await crypto.subtle.verify({ name: "Ed25519" }, key, base58(proof.proofValue), await signedData(document, proof));
  if (!good) throw new Fault("the signature does not match: the record or the proof was changed, or another key signed");
}

async function checkProofs(document, identity, issuer, now, add) {
  const proofs = listed(document.proof ?? []);
  if (!proofs.length || proofs.length > 4 || !proofs.every(isObject)) return add("signature", false, "The record carries no signature that could be read.");
  const strange = proofs.find((one) => ![RDFC, JCS, ...FOREIGN].includes(one.cryptosuite));
  if (strange) return add("signature", false, "The record carries a signature of a kind that nobody knows.");
  if (!proofs.some((one) => one.cryptosuite === JCS))
    return add("signature", false, "The record carries no signature of the kind that this page checks (eddsa-jcs-2022); records verify may know more.", true);
  for (const proof of proofs.filter((one) => one.cryptosuite === JCS || one.cryptosuite === RDFC)) {
    try {
      const key = keyOf(document, proof, identity, issuer, now);
      if (proof.cryptosuite === JCS) await checkSignature(document, proof, key);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return add("signature", false, `Of the signature ${proof.cryptosuite}: ${error.message}.`, error instanceof Open);
    }
  }
  return add("signature", true, "Nothing in the record was changed since it was signed (eddsa-jcs-2022).");
}

// ---- Status ----

/** Where an issuer that suspends publishes the list beside a revocation list: same places, other name. */
function besides(address) {
  const cut = address.lastIndexOf("/") + 1;
  return address.slice(0, cut) + address.slice(cut).replace("revocation", "suspension");
}

async function checkStatus(document, issuer, lists, now, add) {
  const entries = listed(document.credentialStatus ?? []);
  if (!entries.length) return add("status", true, "The record names no status list, so it cannot be revoked.");
  const dates = [];
  for (const { type, statusPurpose, statusListIndex, statusListCredential: named } of entries) {
    if (type !== "BitstringStatusListEntry" || !["revocation", "suspension"].includes(statusPurpose))
      return add("status", false, "Unknown: the record asks for a kind of status that this page does not know.", true);
    const places = [[named, statusPurpose], [besides(named), "suspension"]];
    for (const [address, purpose] of places.slice(0, statusPurpose === "revocation" && issuer.suspends ? 2 : 1)) {
      const [state, words] = await lookUp(lists, address, purpose, statusListIndex, issuer, now);
      if (state !== "good") return add("status", false, words, state === "unknown");
      dates.push(lists[address].validFrom);
    }
  }
  return add("status", true, `Neither revoked nor suspended, as of ${dates.sort()[0]}.`);
}

/** What one list says of one place: good, bad or unknown, with words. */
async function lookUp(lists, address, purpose, index, issuer, now) {
  const unknown = (words) => ["unknown", `Unknown: ${words}`];
  const list = Object.hasOwn(lists, address) ? lists[address] : null;
  if (!list || list.issuer !== issuer.id || list.credentialSubject.statusPurpose !== purpose)
    return unknown("this page does not hold the status list that the record names.");
  if (moment(list.validFrom) > now + LEEWAY)
    return unknown(`this page is of ${list.validFrom}, and the clock of this device says that this is yet to come. Set the clock.`);
  if (!(moment(list.validUntil) > now))
    return unknown(`this copy of the page knows only what had been revoked by ${list.validFrom}. Get the page anew.`);
  if (!/^(0|[1-9]\d{0,8})$/.test(index)) return unknown("the index in the record is not a plain number.");
  const packed = atob(list.credentialSubject.encodedList.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  const bits = await inflate(Uint8Array.from(packed, (c) => c.charCodeAt(0)), "gzip", LARGEST_LIST, "The list of this page is damaged.");
  const place = Number(index);
  if (bits.length * 8 < SMALLEST_LIST || place >= bits.length * 8) return unknown("the index in the record lies beyond the list.");
  if (!(bits[place >> 3] & (0x80 >> (place & 7)))) return ["good", ""];
  return ["bad", purpose === "suspension" ? "Suspended by the issuer for the time being." : "Revoked by the issuer."];
}

// ---- All of it ----

/** Make every check on a parsed document. Gives {valid, checks, document}. */
async function verifyRecord(document, pinned, now = Date.now()) {
  const checks = [];
  const add = (check, ok, message, open = false) => checks.push({ check, ok, message, open }) && ok;
  const done = () => ({ valid: checks.every((one) => one.ok), checks, document: formed ? document : null });
  const fault = isObject(document) ? FORM.find(([, good]) => !good(document)) : ["the whole"];
  const formed = !fault;
  if (!formed) {
    add("form", false, `This is not a record of the form Open Badges 3.0 (${fault[0]}).`);
    return done();
  }
  add("form", true, "An Open Badges 3.0 record.");
  const identity = document.issuer.id ?? document.issuer;
  const issuer = identity === pinned.issuer.id ? pinned.issuer : null;
  const good = await checkProofs(document, identity, issuer, now, add);
  if (issuer) add("issuer", true, `${issuer.name}, whose keys this page was published with.`);
  else add("issuer", false, `Another issuer than ${pinned.issuer.name}: this page knows nothing about whose key signed it.`, true);
  const [from, until] = [moment(document.validFrom), document.validUntil ? moment(document.validUntil) : Infinity];
  if (from > now + LEEWAY) add("dates", false, `Not valid before ${document.validFrom.replace("T", ", ")}.`);
  else if (until <= now) add("dates", false, `Expired on ${document.validUntil.slice(0, 10)}.`);
  else add("dates", true, document.validUntil ? `Valid until ${document.validUntil.slice(0, 10)}.` : "Valid without end.");
  if (issuer && good) await checkStatus(document, issuer, pinned.lists, now, add);
  else add("status", false, "Unknown: only a known issuer’s good record can be looked up.", true);
  return done();
}
