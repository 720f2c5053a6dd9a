// Take the JSON of a record out of the PNG, SVG or PDF that carries it. records/carriers/ holds the same bounds.

const MAX_FILE = 20_000_000;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
// To search in only: browsers read 0x80 to 0x9f as windows-1252, so these letters cannot be turned back into bytes.
const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

/** The bytes of the JSON text in a file of any kind. */
async function unwrap(bytes) {
  if (bytes.length > MAX_FILE) throw new Fault("It is larger than any file that carries a record.");
  const text = await opened(bytes);
  if (/^\s*[\w-]{2,}\.[\w-]{2,}\.[\w-]{2,}\s*$/.test(latin(text.subarray(0, 20_000))))
    throw new Fault("It holds a record as JWT, which this page does not read.");
  return within(text);
}

async function opened(bytes) {
  if (PNG.every((one, at) => bytes[at] === one)) return fromPng(bytes);
  const head = latin(bytes.subarray(0, 1024));
  const first = /[^\u00ef\u00bb\u00bf \t\r\n]/.exec(head)?.[0];
  if (first === "{") return bytes;
  if (head.includes("%PDF-")) return fromPdf(bytes);
  return first === "<" ? fromSvg(bytes) : bytes;
}

function one(found, what) {
  if (!found.length) throw new Fault(`It is a ${what} that carries no record.`);
  if (found.length > 1) throw new Fault("It carries more than one record, so nobody can say which is meant.");
  return found[0];
}

// ---- PNG: one uncompressed iTXt piece ----

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function fromPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = [];
  for (let place = 8, count = 0; ; count++) {
    if (count > 10_000) throw new Fault("It is a PNG picture of too many pieces.");
    if (place + 12 > bytes.length) throw new Fault("It is a PNG picture that is cut off.");
    const length = view.getUint32(place);
    if (length > bytes.length - place - 12) throw new Fault("It is a PNG picture with a piece that claims more than the file holds.");
    const [kind, body] = [latin(bytes.subarray(place + 4, place + 8)), bytes.subarray(place + 8, place + 8 + length)];
    if (crc(bytes.subarray(place + 4, place + 8 + length)) !== view.getUint32(place + 8 + length))
      throw new Fault("It is a PNG picture with a damaged piece.");
    if (kind === "IEND") return one(found, "PNG picture");
    if (kind === "iTXt" && latin(body.subarray(0, 20)) === "openbadgecredential\0") found.push(chunkText(body.subarray(20)));
    else if ((kind === "iTXt" || kind === "tEXt") && latin(body.subarray(0, 11)) === "openbadges\0")
      throw new Fault("It carries an Open Badges 1 or 2 assertion, which is not read here.");
    place += 12 + length;
  }
}

function chunkText(rest) {
  if (rest[0] !== 0) throw new Fault("It carries a compressed record, which Open Badges forbids.");
  const language = rest.indexOf(0, 2);
  const keyword = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (keyword < 0) throw new Fault("It is a PNG picture whose record is cut off.");
  return within(rest.subarray(keyword + 1));
}

// ---- SVG: one openbadges:credential element ----

function fromSvg(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault("It is not UTF-8 text.");
  }
  // An entity could grow or reach out; a plain document type, as drawing programs write it, is harmless.
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(text)) throw new Fault("It declares things of its own (a DOCTYPE with a body).");
  const tree = new DOMParser().parseFromString(text, "image/svg+xml");
  if (tree.querySelector("parsererror")) throw new Fault("It is not XML that can be read.");
  const root = tree.documentElement;
  if (root.namespaceURI !== "http://www.w3.org/2000/svg" || root.localName !== "svg")
    throw new Fault("It is neither JSON nor an SVG picture.");
  if (root.getElementsByTagName("*").length > 50_000) throw new Fault("It is an SVG picture with more in it than a badge has.");
  const found = [...root.getElementsByTagNameNS("https://purl.imsglobal.org/ob/v3p0", "credential")];
  const element = one(found, "picture");
  if (element.hasAttribute("verify")) throw new Fault("It carries a record as JWT, which this page does not read.");
  if (element.childElementCount) throw new Fault("It has elements inside of its record.");
  return within(new TextEncoder().encode(element.textContent));
}

// ---- PDF: one embedded file. No PDF reader: a stream always stands in the bytes with its own dictionary. ----

async function fromPdf(bytes) {
  const text = latin(bytes);
  if (/\/Encrypt\b/.test(text)) throw new Fault("It is an encrypted PDF.");
  const found = [];
  const streams = /stream\r?\n/g;
  for (let count = 0, files = 0, hit; (hit = streams.exec(text)); count++) {
    if (count >= 20_000) throw new Fault("It is a PDF of more streams than a certificate has.");
    const [at, start] = [hit.index, streams.lastIndex];
    const before = text.slice(Math.max(0, at - 4096), at);
    const begin = before.lastIndexOf("obj");
    const dictionary = before.slice(begin + 3);
    if (begin < 0 || dictionary.includes("endobj") || !dictionary.trimEnd().endsWith(">>")) continue;
    // A tool may leave out that a file is an embedded one, so what begins as JSON does is taken for one, too.
    if (!/\/EmbeddedFile(?![A-Za-z])/.test(dictionary) && !(await beginsAsJson(bytes, dictionary, start))) continue;
    if (++files > 32) throw new Fault("It is a PDF with more attachments than a certificate has.");
    const content = await attachment(bytes, text, dictionary, start);
    const readable = latin(content);
    if (JSON_BEGIN.test(readable) && readable.includes('"credentialSubject"') && !found.some((one) => same(one, content)))
      found.push(content);
  }
  return one(found, "PDF");
}

const JSON_BEGIN = /^(?:\u00ef\u00bb\u00bf)?[ \t\r\n]*\{/;
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** Whether a stream could be the text of a record; one that cannot be opened is somebody's picture. */
async function beginsAsJson(bytes, dictionary, start) {
  const packed = bytes.subarray(start, start + 4096);
  const filter = filterOf(dictionary);
  if (!filter) return JSON_BEGIN.test(latin(packed));
  if (filter !== "FlateDecode" || !packed.length) return false;
  const stream = new DecompressionStream("deflate");
  const [reader, writer] = [stream.readable.getReader(), stream.writable.getWriter()];
  const first = reader.read();
  // Both fail where the stream is cut here or damaged; what came out before is enough.
  writer.write(packed).catch(() => {});
  writer.close().catch(() => {});
  try {
    const { value } = await first;
    return value !== undefined && JSON_BEGIN.test(latin(value.subarray(0, 4096)));
  } catch {
    return false;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The name of the one filter of a stream, nothing where there is none, "several" where it is not read here. */
function filterOf(dictionary) {
  const filter = /\/Filter\s{0,9}(\[?)\s{0,9}\/(\w{1,40})\s{0,9}(\/?)/.exec(dictionary);
  if (!filter) return "";
  return (filter[1] && filter[3]) || dictionary.includes("/Predictor") ? "several" : filter[2];
}

async function attachment(bytes, text, dictionary, start) {
  const told = /\/Length\s{0,9}(\d{1,9})(?!\d|\s{1,9}\d{1,9}\s{1,9}R)/.exec(dictionary);
  let end = told ? start + Number(told[1]) : text.indexOf("endstream", start);
  if (end < start || end > bytes.length) throw new Fault("It is a PDF whose attachment is cut off.");
  if (!told) end = start + text.slice(start, end).replace(/\r?\n$|\r$/, "").length;
  const raw = bytes.subarray(start, end);
  const filter = filterOf(dictionary);
  if (!filter) return within(raw);
  if (filter !== "FlateDecode") throw new Fault("It is a PDF that packs its attachment in a way that is not read here.");
  return inflate(raw, "deflate", MAX_RECORD, "It is a PDF whose attachment is damaged or cut off.");
}

/** Unpack a stream as far as a bound; what goes beyond is refused, not read. */
async function inflate(raw, format, most, damaged) {
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  for (let size = 0; ; ) {
    let step;
    try {
      step = await reader.read();
    } catch {
      throw new Fault(damaged);
    }
    if (step.done) break;
    size += step.value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new Fault("It holds something larger than any record.");
    }
    parts.push(step.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
