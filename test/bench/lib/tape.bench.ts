/** What derivatives of ordinary code cost: a European call under geometric Brownian motion, 50 steps, all five Greeks. */
import { execFileSync } from "node:child_process";

import { mulberry32, normal, record, valueAndGrad } from "cotangent";
import { instrument } from "cotangent/transform";

import { median, printTable, spread } from "../table.js";

const SOURCE = `function call(s0, vol, rate, years, strike, z) {
  "use ad";
  const dt = years / 50;
  const drift = (rate - 0.5 * vol * vol) * dt;
  const scale = vol * Math.sqrt(dt);
  let s = s0;
  for (let i = 0; i < z.length; i++) s = s * Math.exp(drift + scale * z[i]);
  return Math.exp(-rate * years) * Math.max(s - strike, 0);
}`;

/** Euler: more operations a step, and no function of Math among them. */
const EULER = `function euler(s0, vol, rate, years, strike, z) {
  "use ad";
  const dt = years / 50;
  const root = Math.sqrt(dt);
  let s = s0;
  for (let i = 0; i < z.length; i++) s = s + rate * s * dt + vol * s * root * z[i];
  return Math.exp(-rate * years) * Math.max(s - strike, 0);
}`;

type Price = (
  s0: number,
  vol: number,
  rate: number,
  years: number,
  strike: number,
  z: readonly number[],
) => number;

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
const paths = Array.from({ length: PATHS }, () => Array.from({ length: 50 }, () => normal(uniform)));
const point = [100, 0.2, 0.03, 1, 100] as const;
let sink = 0;

const time = (work: (z: readonly number[]) => number): number => {
  const before = performance.now();
  for (const z of paths) sink += work(z);
  return ((performance.now() - before) * 1000) / PATHS;
};

/** A tape that is given back, as a gradient gives back its own. */
function recordOnly<X extends object>(f: (x: X) => number, x: X): number {
  const { tape } = record(f, x as never);
  const { length } = tape;
  tape.release();
  return length;
}

const rows: string[][] = [];
for (const [name, source] of Object.entries({ "exact steps": SOURCE, "Euler steps": EULER })) {
  const f = plain(source);
  const g = instrumented(source, name.replace(" ", ""));
  const [s, v, r, t, k] = point;
  const market = { s, v, r, t, k };
  const of = (z: readonly number[]) => (p: typeof market) => g(p.s, p.v, p.r, p.t, p.k, z);
  const work = {
    plain: (z: readonly number[]) => f(...point, z),
    instrumented: (z: readonly number[]) => g(...point, z),
    recorded: (z: readonly number[]) => recordOnly(of(z), market),
    gradient: (z: readonly number[]) => valueAndGrad(of(z))(market)[1].s,
  };
  const times: Record<string, number[]> = { plain: [], instrumented: [], recorded: [], gradient: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const [what, run] of Object.entries(work)) times[what]!.push(time(run));
  const base = median(times["plain"]!);
  const bars: Record<string, string> = { plain: "", instrumented: "≤ 1.3", recorded: "≤ 4", gradient: "≤ 6" };
  for (const [what, all] of Object.entries(times))
    rows.push([name, what, `${spread(all, 2)} µs`, (median(all) / base).toFixed(2), bars[what]!]);
}
printTable(["call, 50 steps", "what", "a path", "× plain", "bar"], rows);

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
