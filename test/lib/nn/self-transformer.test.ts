/** The SELF-Transformer: that it trains on digits as patches and on prefix parity, the same twice, with every solve converged. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { philox, tensor, type Tensor, valueAndGrad } from "cotangent";
import { accuracy, adam, clipByGlobalNorm, crossEntropy, type FixedPointInfo, selfTransformer, type SelfTransformerOptions } from "cotangent/nn"; // prettier-ignore

type Examples = readonly [x: Tensor, labels: Tensor];
/** 1,797 digits of Alpaydin and Kaynak (1998), CC BY 4.0; beside the repository, or where COTANGENT_DATA says. */
const DIGITS = join(process.env["COTANGENT_DATA"] ?? resolve("..", "shared", "data"), "digits", "digits.csv.gz"); // prettier-ignore

/** 8 × 8 pixels as 16 patches of 2 × 2, in 0..1. */
function patches(rows: readonly (readonly number[])[]): Examples {
  const pixel = (row: readonly number[], at: number) => {
    const [patch, corner] = [at >> 2, at & 3];
    return row[8 * (2 * (patch >> 2) + (corner >> 1)) + 2 * (patch & 3) + (corner & 1)]! / 16;
  };
  const numbers = rows.flatMap((row) => Array.from({ length: 64 }, (_, at) => pixel(row, at)));
  return [tensor(numbers, [rows.length, 16, 4]), tensor(rows.map((row) => row[64]!), { dtype: "int32" })]; // prettier-ignore
}

/** Bits, and at each place the parity of the bits up to it. */
function parities(words: readonly number[]): Examples {
  const bits = words.map((word) => Array.from({ length: 8 }, (_, i) => (word >> i) & 1));
  const sums = bits.map((row) => row.map((_, i) => row.slice(0, i + 1).reduce((a, b) => a ^ b, 0)));
  return [tensor(bits, { dtype: "int32" }), tensor(sums, { dtype: "int32" })];
}

/** @returns the losses, how each solve ended, and the share that is right among other examples */
function train(
  options: SelfTransformerOptions,
  batch: (step: number) => Examples,
  others: Examples,
  rate: number,
  steps: number,
) {
  // prettier-ignore
  const solves: FixedPointInfo[] = [];
  const model = selfTransformer({ ...options, attention: { ...options.attention, onSolve: (info) => solves.push(info) } }); // prettier-ignore
  const optimiser = adam({ rate });
  let params = model.init(philox(1));
  let state = optimiser.init(params);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [x, labels] = batch(step);
    const [loss, g] = valueAndGrad((p: typeof params) => crossEntropy(model.apply(p, x), labels))(params as never); // prettier-ignore
    losses.push((loss as unknown as Tensor).item());
    ({ params, state } = optimiser.update(params, clipByGlobalNorm(g, 1).gradients, state));
  }
  return { losses, solves, right: accuracy(model.apply(params, others[0]), others[1]).item() };
}

const attention = { heads: 2, tolerance: 1e-3, linear: { tolerance: 1e-3 } } as const;

describe("a SELF-Transformer", () => {
  it("learns digits from 16 patches of 2 × 2 pixels by the implicit gradient", function () {
    if (!existsSync(DIGITS)) this.skip();
    this.timeout(60_000);
    const rows = gunzipSync(readFileSync(DIGITS)).toString().trim().split("\n").map((line) => line.split(",").map(Number)); // prettier-ignore
    const options = { input: { features: 4 }, length: 16, width: 16, classes: 10, hidden: 32, attention } as const; // prettier-ignore
    const batch = (step: number) => patches(rows.slice((32 * step) % 1376, ((32 * step) % 1376) + 32));
    const { losses, right, solves } = train(options, batch, patches(rows.slice(1408, 1608)), 0.01, 70);
    assert.ok(right > 0.4, `${right} of held-out digits are right; chance is 0.1`);
    const last = losses.slice(-10).reduce((a, b) => a + b) / 10;
    assert.ok(last < 0.6 * losses[0]!, losses.join());
    assert.ok(solves.every(({ converged }) => converged));
  });

  const words = Array.from({ length: 256 }, (_, i) => (i * 77 + 5) % 256);
  const parity = (loop: { loopHidden?: number }): SelfTransformerOptions => ({
    input: { words: 2 },
    length: 8,
    width: 16,
    classes: 2,
    hidden: 32,
    pool: "none",
    attention: { ...attention, ...loop, causal: true }, // prettier-ignore
  });
  const learn = (steps: number) =>
    train(parity({ loopHidden: 32 }), (i) => parities(Array.from({ length: 32 }, (_, k) => words[(32 * i + k) % 192]!)), parities(words.slice(192)), 0.005, steps); // prettier-ignore

  it("learns the parity of every prefix of 8 bits, with a network inside its loop", function () {
    this.timeout(60_000);
    const { losses, right, solves } = learn(160);
    assert.ok(right > 0.75, `${right} of held-out parities are right; chance is 0.5`);
    assert.ok(losses.at(-1)! < 0.4, String(losses.at(-1)));
    assert.ok(solves.every(({ converged }) => converged));
  });

  it("learns the same twice", () => assert.deepEqual(learn(5), learn(5)));

  it("refuses another length, and options that there are not", () => {
    const model = selfTransformer(parity({}));
    assert.throws(() => model.apply(model.init(philox(1)), tensor([[0, 1]], { dtype: "int32" })), { name: "ShapeError", message: /8 tokens/ }); // prettier-ignore
    assert.throws(() => selfTransformer({ ...parity({}), depth: 2 } as never), { name: "UnknownOptionError" }); // prettier-ignore
    assert.throws(() => selfTransformer({ ...parity({}), input: { bits: 2 } } as never), { name: "UnknownOptionError" }); // prettier-ignore
  });
});
