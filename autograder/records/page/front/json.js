// JSON as records use it: read without anything that two readers could take differently, and written by RFC 8785.
// records/safejson.py and records/canonical.py hold the same rules.

const MAX_RECORD = 1_000_000; // bytes
const MAX_DEPTH = 32;

/** What is wrong with a file, in words for the person who gave it. */
class Fault extends Error {}

/** What this page cannot tell, which is neither good nor bad. */
class Open extends Fault {}

function within(bytes) {
  if (bytes.length > MAX_RECORD) throw new Fault("It is larger than any record.");
  return bytes;
}

/** Read the bytes of a JSON text; objects come without a prototype, so no key means anything. */
function parseJson(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(within(bytes));
  } catch (error) {
    throw error instanceof Fault ? error : new Fault("It is not UTF-8 text.");
  }
  const token = /[\t\n\r ]*(?:([[\]{},:])|"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;
  let kind, value;
  const broken = () => new Fault("It is not JSON.");
  const next = () => {
    const found = token.exec(text);
    if (!found) throw broken();
    if (found[1]) [kind, value] = [found[1], undefined];
    else if (found[3]) [kind, value] = ["value", number(found[3])];
    else if (found[4]) [kind, value] = ["value", { true: true, false: false, null: null }[found[4]]];
    else [kind, value] = ["string", JSON.parse(found[0].trim())];
  };
  const read = (depth) => {
    if (kind === "value" || kind === "string") return value;
    if (depth >= MAX_DEPTH) throw new Fault(`It is nested deeper than ${MAX_DEPTH} levels.`);
    if (kind === "[") {
      const list = [];
      for (next(); kind !== "]"; ) {
        list.push(read(depth + 1));
        next();
        if (kind === ",") {
          next();
          if (kind === "]") throw broken();
        } else if (kind !== "]") throw broken();
      }
      return list;
    }
    if (kind !== "{") throw broken();
    const object = Object.create(null);
    for (next(); kind !== "}"; ) {
      if (kind !== "string") throw broken();
      const key = value;
      if (key in object) throw new Fault("It has a key twice in one object.");
      next();
      if (kind !== ":") throw broken();
      next();
      object[key] = read(depth + 1);
      next();
      if (kind === ",") {
        next();
        if (kind === "}") throw broken();
      } else if (kind !== "}") throw broken();
    }
    return object;
  };
  next();
  const result = read(0);
  if (/[^\t\n\r ]/.test(text.slice(token.lastIndex))) throw broken();
  return result;
}

function number(text) {
  const value = Number(text);
  // RFC 7493 2.2: integers beyond this are not the same number for every reader.
  if (/^-?\d+$/.test(text) && (text.length > 17 || !Number.isSafeInteger(value)))
    throw new Fault("It holds an integer that not every reader takes as the same number.");
  if (!Number.isFinite(value)) throw new Fault("It holds a number that is too large.");
  return value;
}

/** Write a value by RFC 8785: keys sorted by their UTF-16 units, numbers and strings as ECMAScript writes them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
  if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw new Fault("It holds half a character.");
  return JSON.stringify(value);
}
