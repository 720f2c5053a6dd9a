// Plays walks of a case in our own machine and in inkjs, holds one against the other, and times both.
// node play_ink.mjs MACHINE INKJS JOBS, where JOBS is a file with [{id, logic, ink, walks}]. Prints one JSON line for each.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const [machine, inkjs, jobs] = process.argv.slice(2);
const { begin, offered, take } = await import(machine);
const { Compiler } = createRequire(import.meta.url)(inkjs);
const ROUNDS = 3;

function ours(logic, choices) {
  let state = begin(logic);
  const told = [[state.scene, offered(logic, state)]];
  for (const number of choices) {
    state = take(logic, state, number);
    told.push([state.scene, offered(logic, state)]);
  }
  return [told, { ...state.axes, ...state.flags, clock: state.clock }];
}

function inks(story, choices) {
  story.ResetState();
  const look = () => [story.ContinueMaximally().trim().split("\n").at(-1), story.currentChoices.map((one) => Number(one.text))];
  const told = [look()];
  for (const number of choices) {
    const at = story.currentChoices.findIndex((one) => Number(one.text) === number);
    if (at < 0) return [told, story.variablesState]; // not offered there: the lists differ already
    story.ChooseChoiceIndex(at);
    told.push(look());
  }
  return [told, story.variablesState];
}

for (const { id, logic, ink, walks } of JSON.parse(readFileSync(jobs, "utf8"))) {
  const story = new Compiler(ink).Compile();
  const differ = walks.filter((choices) => {
    const [[mine, values], [theirs, variables]] = [ours(logic, choices), inks(story, choices)];
    return JSON.stringify(mine) !== JSON.stringify(theirs) ||
      Object.entries(values).some(([name, value]) => variables[`v_${name}`] !== value);
  });
  const time = (play) => {
    const began = performance.now();
    for (const choices of walks) play(choices);
    return performance.now() - began;
  };
  const rounds = Array.from({ length: ROUNDS }, () => [time((one) => ours(logic, one)), time((one) => inks(story, one))]);
  const best = [0, 1].map((at) => Math.min(...rounds.map((round) => round[at])));
  const steps = walks.reduce((sum, choices) => sum + choices.length, 0);
  console.log(JSON.stringify({ id, walks: walks.length, steps, differ: differ.length, first: differ[0] ?? null, ours: best[0], ink: best[1] }));
}
