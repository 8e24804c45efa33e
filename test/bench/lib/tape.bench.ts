/** What derivatives of ordinary code cost: a European call under geometric Brownian motion, 50 steps, all five Greeks. */
import { execFileSync } from "node:child_process";

import { mulberry32, normal, record, valueAndGrad } from "cotangent";
import { instrument } from "cotangent/transform";

import { recordCall } from "../../../lib/dist/transforms/vjp.js";

import { median, printTable, spread } from "../table.js";

const SOURCE = `function call(m, z) {
  "use ad";
  const dt = m.t / 50;
  const drift = (m.r - 0.5 * m.v * m.v) * dt;
  const scale = m.v * Math.sqrt(dt);
  let s = m.s;
  for (let i = 0; i < z.length; i++) s = s * Math.exp(drift + scale * z[i]);
  return Math.exp(-m.r * m.t) * Math.max(s - m.k, 0);
}`;

/** Euler: more operations a step, and no function of Math among them. */
const EULER = `function euler(m, z) {
  "use ad";
  const dt = m.t / 50;
  const root = Math.sqrt(dt);
  let s = m.s;
  for (let i = 0; i < z.length; i++) s = s + m.r * s * dt + m.v * s * root * z[i];
  return Math.exp(-m.r * m.t) * Math.max(s - m.k, 0);
}`;

/** An arithmetic Asian call, 252 exact steps. */
const ASIAN = `function asian(m, z) {
  "use ad";
  const dt = m.t / 252;
  const drift = (m.r - 0.5 * m.v * m.v) * dt;
  const scale = m.v * Math.sqrt(dt);
  let s = m.s;
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    s = s * Math.exp(drift + scale * z[i]);
    sum = sum + s;
  }
  return Math.exp(-m.r * m.t) * Math.max(sum / 252 - m.k, 0);
}`;

interface Market {
  readonly s: number;
  readonly v: number;
  readonly r: number;
  readonly t: number;
  readonly k: number;
}
type Price = (m: Market, z: readonly number[]) => number;

const plain = (source: string) => new Function(`return ${source}`)() as Price;
function instrumented(source: string, name: string): Price {
  const { code } = instrument(`globalThis[${JSON.stringify(name)}] = ${source}`, {
    name,
    sourceType: "script",
    suffix: name,
  })!;
  new Function(code)();
  return (globalThis as unknown as Record<string, Price>)[name]!;
}

const PATHS = 4000;
const ROUNDS = 15;
const uniform = mulberry32(1);
const draw = (steps: number) =>
  Array.from({ length: PATHS }, () => Array.from({ length: steps }, () => normal(uniform)));
let paths = draw(50);
const market: Market = { s: 100, v: 0.2, r: 0.03, t: 1, k: 100 };
let sink = 0;

const time = (work: (z: readonly number[]) => number): number => {
  const before = performance.now();
  for (const z of paths) sink += work(z);
  return ((performance.now() - before) * 1000) / PATHS;
};

/** A tape that is given back, as a gradient gives back its own. */
function released(tape: { readonly length: number; release(): void }): number {
  const { length } = tape;
  tape.release();
  return length;
}

const rows: string[][] = [];
const programs = { "exact steps": SOURCE, "Euler steps": EULER, "Asian, 252 steps": ASIAN };
for (const [name, source] of Object.entries(programs)) {
  const isAsian = source === ASIAN;
  if (isAsian) paths = draw(252);
  const f = plain(source);
  const g = instrumented(source, name.replace(/\W/g, ""));
  const gradient = valueAndGrad(g);
  const work = {
    plain: (z: readonly number[]) => f(market, z),
    instrumented: (z: readonly number[]) => g(market, z),
    // By statements, as a gradient records; and operation by operation, to be looked at.
    recorded: (z: readonly number[]) => released(recordCall((m: Market) => g(m, z), [market], true).tape),
    "recorded in detail": (z: readonly number[]) => released(record((m: Market) => g(m, z), market).tape),
    gradient: (z: readonly number[]) => gradient(market, z as number[])[1].s,
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++)
    for (const [what, run] of Object.entries(work)) (times[what] ??= []).push(time(run));
  // Round by round, so that a machine that is slower for a while is so on both sides.
  const base = times["plain"]!;
  const bars: Record<string, string> = isAsian
    ? { gradient: "≤ 8" }
    : { instrumented: "≤ 1.3", recorded: "≤ 4", gradient: "≤ 6" };
  for (const [what, all] of Object.entries(times))
    rows.push([
      name,
      what,
      `${spread(all, 2)} µs`,
      median(all.map((one, round) => one / base[round]!)).toFixed(2),
      bars[what] ?? "",
    ]);
}
printTable(["call", "what", "a path", "× plain", "bar"], rows);

const load = (code: string) =>
  Array.from({ length: 9 }, () =>
    Number(
      execFileSync(
        process.execPath,
        [
          "--input-type=module",
          "-e",
          `const t = performance.now(); ${code}; console.log(performance.now() - t)`,
        ],
        { encoding: "utf8" },
      ),
    ),
  );
console.log();
printTable(
  ["what", "ms", "bar"],
  [["import of cotangent", spread(load('await import("cotangent")')), "≤ 80"]],
);
if (Number.isNaN(sink)) console.log(sink);
