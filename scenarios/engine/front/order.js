// The order in which choices and options are shown: scenarios/engine/order.py once more; a test compares the two.
// A choice keeps its number, its position in the file, whatever place it is shown in.

const mix = (text) => {
  let mixed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) mixed = Math.imul(mixed ^ byte, 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** A new seed: eight hexadecimal digits. */
export const drawSeed = () => crypto.getRandomValues(new Uint32Array(1))[0].toString(16).padStart(8, "0");

/** Choices of a scene, or options of a question, in the order of a seed; without one, as they are written. */
export function shownOrder(numbers, seed, place) {
  if (!seed) return [...numbers];
  const rank = new Map(numbers.map((number) => [number, mix(`${seed}:${place}:${number}`)]));
  return [...numbers].sort((a, b) => rank.get(a) - rank.get(b) || a - b);
}

/** Put the items of a list of choices into an order; what it does not name follows as it is written. */
export function arrange(list, numbers = []) {
  const items = new Map([...list.querySelectorAll(":scope > [data-choice]")].map((one) => [Number(one.dataset.choice), one]));
  const rest = [...items.keys()].filter((number) => !numbers.includes(number)).sort((a, b) => a - b);
  for (const number of [...numbers, ...rest]) list.append(items.get(number));
}
