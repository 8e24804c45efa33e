/**
 * Digits at two sites, split by class (0–4, 5–9), under every sharing method: accuracy, bytes, ranks, beside the figures of
 * the reference (its §8). Data: E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { ops, philox, randomNormal, tensor, type Tensor, zeros } from "cotangent";
import { type DadRun, type MethodChoice, type Site, type StatefulOptimiser, train } from "cotangent/dad";

import { ROOT } from "../../../scripts/setup/paths.mjs";
import { printTable } from "../table.js";

const [TRAIN, BATCH, STEPS_PER_EPOCH, EPOCHS] = [1400, 32, 21, 15];
const WIDTHS = [64, 64, 32, 10];

interface Digits {
  /** [n][64] in [0, 1] */
  readonly pixels: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

function readDigits(): readonly (readonly number[])[] {
  const places = ["..", "../.."].map((up) => join(ROOT, up, "shared", "data", "digits", "digits.csv.gz"));
  const file = places.find((place) => existsSync(place));
  if (file === undefined)
    throw new Error(`The digits are not there. They were looked for at ${places.join(" and ")}.`);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => line.split(",").map(Number));
}

function digitsOf(rows: readonly (readonly number[])[], seed: number): Digits {
  const order = shuffled(rows.length, philox(seed, 1));
  return {
    pixels: order.map((i) => rows[i]!.slice(0, 64).map((pixel) => pixel / 16)),
    labels: order.map((i) => rows[i]![64]!),
  };
}

/** Fisher and Yates. */
function shuffled(n: number, stream: ReturnType<typeof philox>): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  const draws = stream.uniforms(n);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(draws[i]! * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}
interface Sample {
  readonly x: Tensor;
  readonly y: Tensor;
}

const all = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** He's initialisation. */
const started = (seed: number): Layer[] =>
  WIDTHS.slice(1).map((outputs, i) => ({
    weight: randomNormal(philox(seed, 2).split(i), [WIDTHS[i]!, outputs]).mul(Math.sqrt(2 / WIDTHS[i]!)),
    bias: zeros([outputs]).add(0),
  }));
const logits = (layers: readonly Layer[], x: Tensor): Tensor =>
  layers.reduce((h, { weight, bias }, i) => {
    const z = h.matmul(weight).add(bias);
    return i + 1 < layers.length ? z.relu() : z;
  }, x);
const loss = (layers: Layer[], { x, y }: Sample): Tensor =>
  ops.logSoftmax(logits(layers, x)).mul(y).sum(1).mean().neg();
/** Adam, 1e-3, on arrays: it is not what is measured here. */
interface Moments {
  readonly t: number;
  /** By layer and parameter: m and v. */
  readonly kept: readonly (readonly [Float64Array, Float64Array])[];
}
const NAMES = ["weight", "bias"] as const;
const adam: StatefulOptimiser<Layer[], Moments> = {
  init: (params) => ({
    t: 0,
    kept: params.flatMap((layer) => NAMES.map((name) => [new Float64Array(layer[name].size), new Float64Array(layer[name].size)] as const)), // prettier-ignore
  }),
  update(params, gradients, { t: before, kept }) {
    const t = before + 1;
    const [rate, share] = [0.001 / (1 - 0.9 ** t), 1 / (1 - 0.999 ** t)];
    const next: [Float64Array, Float64Array][] = [];
    const moved = params.map((layer, i) => {
      const of = (name: (typeof NAMES)[number]) => {
        const [p, g] = [layer[name].dataSync(), gradients[i]![name].dataSync()];
        const [m, v] = kept[next.length]!.map((moments) => moments.slice()) as [Float64Array, Float64Array];
        for (let k = 0; k < p.length; k++) {
          m[k] = 0.9 * m[k]! + 0.1 * g[k]!;
          v[k] = 0.999 * v[k]! + 0.001 * g[k]! * g[k]!;
          p[k]! -= (rate * m[k]!) / (Math.sqrt(share * v[k]!) + 1e-8);
        }
        next.push([m, v]);
        return tensor(p, layer[name].shape);
      };
      return { weight: of("weight"), bias: of("bias") };
    });
    return { params: moved, state: { t, kept: next } };
  },
};

/** The sites, the start, and the accuracy on the test set, by a seed. */
function experiment(seed: number) {
  const digits = digitsOf(raw, seed);
  const sampleOf = (indices: readonly number[]): Sample => ({
    x: tensor(indices.map((i) => digits.pixels[i]!)),
    y: ops.oneHot(
      tensor(
        Int32Array.from(indices, (i) => digits.labels[i]!),
        [indices.length],
      ),
      10,
    ),
  });
  /** Every epoch each site goes through its samples in an order of its own. */
  const siteOf = (name: string, index: number, has: (label: number) => boolean): Site<Layer[], Sample> => {
    const own = all(0, TRAIN).filter((i) => has(digits.labels[i]!));
    return {
      name,
      batch(step) {
        const epoch = Math.floor(step / STEPS_PER_EPOCH);
        const order = shuffled(own.length, philox(seed, 3).split(index).split(epoch));
        const at = (step % STEPS_PER_EPOCH) * BATCH;
        return { rows: BATCH, data: sampleOf(order.slice(at, at + BATCH).map((i) => own[i]!)) };
      },
    };
  };
  const test = all(TRAIN, digits.labels.length);
  const x = tensor(test.map((i) => digits.pixels[i]!));
  return {
    sites: [siteOf("0–4", 0, (label) => label < 5), siteOf("5–9", 1, (label) => label >= 5)],
    start: started(seed),
    accuracy(layers: Layer[]): number {
      const guess = logits(layers, x).argmax().dataSync();
      return test.filter((i, row) => guess[row] === digits.labels[i]).length / test.length;
    },
  };
}

/** Accuracy after epochs 1, 5, 15, and uplink in MB, as the reference measured them; null where it did not. */
type Reference = readonly [readonly [number, number, number] | null, number | null];
const cases: [title: string, method: MethodChoice, reference: Reference][] = [
  ["dSGD", "dSGD", [[0.388, 0.869, 0.962], 16.6]],
  ["pooled", "pooled", [null, null]],
  ["none", "none", [null, null]],
  ["dAD", "dAD", [[0.388, 0.869, 0.962], 21.7]],
  ["edAD", "edAD", [null, null]],
  ["rank-dAD 32, θ 1e-3", { name: "rank-dAD", maxRank: 32, theta: 1e-3 }, [[0.385, 0.866, 0.957], 13.4]],
  ["rank-dAD 32, θ 0.05", { name: "rank-dAD", maxRank: 32, theta: 0.05 }, [[0.383, 0.889, 0.957], 3.7]],
  ["rank-dAD 4, θ 1e-3", { name: "rank-dAD", maxRank: 4, theta: 1e-3 }, [[0.383, 0.869, 0.95], 2.7]],
  ["rank-dAD 2, 1 iteration", { name: "rank-dAD", maxRank: 2, iterations: 1 }, [[0.292, 0.801, 0.937], 1.4]],
  ["rank-dAD 4, two-way", { name: "rank-dAD", maxRank: 4, way: "twoWay" }, [null, null]],
  ["PowerSGD 4", { name: "PowerSGD", rank: 4, minCompressionRate: 0 }, [null, null]],
];

const MB = 1e6;
const raw = readDigits();
const short = (value: number) => value.toFixed(3).replace(/^0/, "");
const shown = (values: readonly number[]) => values.map(short).join("/");
const signed = (value: number) => (value < 0 ? "−" : "+") + short(Math.abs(value));

const run = (
  method: MethodChoice,
  { sites, start, accuracy }: ReturnType<typeof experiment>,
): Promise<DadRun<Layer[]>> =>
  train({
    sites,
    model: { params: start, loss },
    method,
    optimiser: adam,
    steps: STEPS_PER_EPOCH * EPOCHS,
    measure: { every: STEPS_PER_EPOCH, of: (params) => ({ accuracy: accuracy(params) }) },
  });

const asked = process.argv.slice(2).find((word) => word.startsWith("--seeds="));
/** A seed is of the shuffle, the start and the order of batches. One takes a minute; the last accuracy varies by ±.010. */
const seeds = Array.from({ length: asked ? Number(asked.slice("--seeds=".length)) : 1 }, (_, i) => i + 1);
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const experiments = seeds.map(experiment);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of one seed from the mean. */
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));
const rows: string[][] = [];
const began = performance.now();
/** dSGD's last accuracies, by seed, and in the reference: the others are told by their distance from it. */
let base: readonly number[] = [];
let referenceBase = NaN;
for (const [title, method, [accuracies, megabytes]] of cases) {
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  const before = performance.now();
  const runs: DadRun<Layer[]>[] = [];
  for (const each of experiments) runs.push(await run(method, each));
  for (const { ledger } of runs) {
    const { up, down, upFormula, downFormula } = ledger.total();
    if (up !== upFormula || down !== downFormula)
      throw new Error(`${title}: the ledger is not what the formulas say.`);
  }
  const after = (epoch: number) => runs.map(({ measures }) => measures[0]!.values[epoch - 1]!);
  const last = after(EPOCHS);
  if (title === "dSGD") [base, referenceBase] = [last, accuracies![2]];
  const hasBase = base.length > 0;
  rows.push([
    title,
    shown([1, 5, EPOCHS].map((epoch) => mean(after(epoch)))) +
      (seeds.length > 1 ? ` ± ${short(deviation(last))}` : ""),
    accuracies ? shown(accuracies) : "",
    hasBase ? signed(mean(last.map((value, i) => value - base[i]!))) : "",
    accuracies && hasBase ? signed(accuracies[2] - referenceBase) : "",
    (mean(runs.map(({ ledger }) => ledger.total().up)) / MB).toFixed(1),
    megabytes === null ? "" : megabytes.toFixed(1),
    (mean(runs.map(({ ledger }) => ledger.total().down)) / MB).toFixed(1),
    ranksOf(runs),
    ((performance.now() - before) / 1000 / runs.length).toFixed(1),
  ]);
}
printTable(
  ["two sites, split by class", "accuracy 1/5/15", "reference", "− dSGD", "reference", "MB up", "reference", "MB down", "effective rank, first → last epoch", "s"], // prettier-ignore
  rows,
);
console.log(
  `\ndSGD's last accuracy by seed: ${shown(base)}; the reference has one seed, .962. More: npm run bench -- digits --seeds=5.`,
);
console.log("dAD's uplink is without the column of ones, which the reference counts (21.7 MB).");
const took = (performance.now() - began) / 1000;
console.log(`${took.toFixed(0)} s in all, ${(took / seeds.length).toFixed(0)} s a seed (bar: ≤ 90 s).`);

/** "30.4/21.6/8.4 → 18.3/14.3/8.7": the mean over runs, sites and the steps of an epoch, by layer. */
function ranksOf(runs: readonly DadRun<Layer[]>[]): string {
  const traces = runs.map((each) => each.trace());
  const epoch = (isLast: boolean) =>
    traces[0]!.layers.map((_, l) =>
      mean(
        traces.flatMap(
          ({ effectiveRank, layers: { length: L }, sites: { length: S }, recorded: { length: T } }) => {
            const from = isLast ? T - STEPS_PER_EPOCH : 0;
            return Array.from({ length: STEPS_PER_EPOCH * S }, (_, i) => effectiveRank[((from + Math.floor(i / S)) * L + l) * S + (i % S)]!); // prettier-ignore
          },
        ),
      ),
    );
  const text = (ranks: readonly number[]) => ranks.map((rank) => rank.toFixed(1)).join("/");
  return epoch(false).some(Number.isNaN) ? "" : `${text(epoch(false))} → ${text(epoch(true))}`;
}
