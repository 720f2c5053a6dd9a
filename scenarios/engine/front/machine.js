// How a case is played: the rules of scenarios/engine/state.py once more; a test walks both side by side.
// Nothing is evaluated: conditions are data.

export const sceneOf = (logic, id) => logic.scenes.find((scene) => scene.id === id);

/** The deadlines, the earliest first; one that has fired is a flag of its name. */
export const deadlines = (logic) => logic.clock?.deadlines ?? [];

/** The state before the first decision. */
export function begin(logic) {
  const zeros = (names) => Object.fromEntries(names.map((name) => [name, 0]));
  const flags = zeros([...logic.flags, ...deadlines(logic).map((one) => one.name)]);
  return { scene: logic.start, axes: zeros(logic.axes), flags, clock: 0, back: null, taken: [] };
}

const COMPARE = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, "=": (a, b) => a === b,
  ">=": (a, b) => a >= b, ">": (a, b) => a > b, "!=": (a, b) => a !== b,
};

/** Does a condition (alternatives, each a list of comparisons that must all hold) hold now? None always holds. */
export function holds(when, state) {
  const values = { ...state.axes, ...state.flags, clock: state.clock };
  return !when || when.some((terms) => terms.every(([name, sign, than]) => COMPARE[sign](values[name], than)));
}

/** The numbers of the choices that can be taken now: 1-based positions in the file. */
export function offered(logic, state) {
  return sceneOf(logic, state.scene).choices.flatMap((choice, at) => {
    const gone = choice.once && state.taken.includes(`${state.scene} ${at + 1}`);
    return holds(choice.if, state) && !gone && (choice.to !== null || state.back !== null) ? [at + 1] : [];
  });
}

/** The state after a choice; throws RangeError when it is not offered. */
export function take(logic, state, number) {
  if (!offered(logic, state).includes(number)) throw new RangeError(`choice ${number} is not offered here`);
  const choice = sceneOf(logic, state.scene).choices[number - 1];
  const [axes, flags] = [{ ...state.axes }, { ...state.flags }];
  for (const [axis, by] of Object.entries(choice.effects)) axes[axis] += by;
  for (const flag of choice.set) flags[flag] = 1;
  for (const flag of choice.clear) flags[flag] = 0;
  const clock = state.clock + choice.takes;
  const taken = choice.once ? [...state.taken, `${state.scene} ${number}`] : state.taken;
  const [scene, back] = choice.to === null ? [state.back, null] : [choice.to, state.back];
  // Looked at when time passes: all that were missed set their flags, the last one sends play to its scene.
  const fired = choice.takes === 0 ? [] : deadlines(logic).filter((one) =>
    clock > one.at && !flags[one.name] && !(one.unless && holds(one.unless, { axes, flags, clock })));
  for (const one of fired) flags[one.name] = 1;
  const sent = fired.filter((one) => one.to !== null).at(-1);
  return sent && !sceneOf(logic, scene).ending ? { scene: sent.to, axes, flags, clock, back: scene, taken }
    : { scene, axes, flags, clock, back, taken };
}

/** Every state of a walk, the first included; throws RangeError at a choice that was not offered. */
export function walk(logic, choices) {
  const states = [begin(logic)];
  for (const number of choices) states.push(take(logic, states.at(-1), number));
  return states;
}

/** The deadline that comes next: not missed yet, and not out of the way. */
export const nextDeadline = (logic, state) =>
  deadlines(logic).find((one) => !state.flags[one.name] && !(one.unless && holds(one.unless, state)));

const named = (when) => (when ?? []).flat().map(([name]) => name);

const seenAhead = new WeakMap();

/** For each scene, what may still matter from there on: the variables that conditions read, and the scenes ahead. */
function prospects(logic) {
  if (!seenAhead.has(logic)) seenAhead.set(logic, allProspects(logic));
  return seenAhead.get(logic);
}

function allProspects(logic) {
  const cuts = deadlines(logic);
  const always = cuts.flatMap((one) => [one.name, ...named(one.unless)]);
  const sent = cuts.map((one) => one.to).filter(Boolean);
  return new Map(logic.scenes.map(({ id }) => {
    const scenes = new Set([id]);
    for (const here of scenes) // grows while it is walked
      for (const to of [...sceneOf(logic, here).choices.map((choice) => choice.to), ...(sceneOf(logic, here).ending ? [] : sent)])
        if (to) scenes.add(to);
    const read = [...scenes].flatMap((one) => sceneOf(logic, one).choices.flatMap((choice) => named(choice.if)));
    return [id, { scenes, read: new Set([...always, ...read]), timed: cuts.length > 0 || read.includes("clock") }];
  }));
}

/** Look for the endings that can still be reached from a state, a little at a time: `step` looks on for so many
    milliseconds and says whether it is done; `endings` gives those found so far, in the order of the file. */
export function scout(logic, state) {
  const known = prospects(logic);
  const possible = [...known.get(state.scene).scenes, ...(state.back ? known.get(state.back).scenes : [])];
  const most = new Set(possible.filter((id) => sceneOf(logic, id).ending)).size;
  const key = (one) => {
    const views = [known.get(one.scene), ...(one.back ? [known.get(one.back)] : [])]; // play may return to where it was cut
    const kept = (values) => Object.keys(values).map((name) => (views.some(({ read }) => read.has(name)) ? values[name] : ""));
    const taken = one.taken.filter((each) => views.some(({ scenes }) => scenes.has(each.split(" ")[0]))).sort();
    const clock = views.some(({ timed }) => timed) ? one.clock : "";
    return [one.scene, kept(one.flags), kept(one.axes), clock, one.back, taken].join("|");
  };
  const [seen, found, waiting] = [new Set([key(state)]), new Set(), [state]];
  const done = () => !waiting.length || found.size === most;
  const step = (patience) => {
    const until = performance.now() + patience;
    while (!done() && performance.now() < until) {
      const here = waiting.pop();
      if (sceneOf(logic, here.scene).ending) found.add(here.scene);
      for (const number of offered(logic, here)) {
        const next = take(logic, here, number);
        const name = key(next);
        if (!seen.has(name)) seen.add(name), waiting.push(next);
      }
    }
    return done();
  };
  return { step, endings: () => logic.scenes.map((scene) => scene.id).filter((id) => found.has(id)) };
}

/** Is a question graded on a day? Its last day, if it has one, counts; scenarios/engine/dated.py says why. */
export const graded = (until, day) => !until || day <= until;
