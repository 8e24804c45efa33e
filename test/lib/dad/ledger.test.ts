/** The byte ledger: what is in the messages is what the closed formulas say, for every method, layer, site and direction. */
import assert from "node:assert/strict";

import { type MethodChoice, type Site, train } from "cotangent/dad";

import { type Layer, mlp, modelOf, type Sample, sgd, sitesOf } from "./mlp.js";

const WIDTHS = [20, 16, 12, 5];
const ROWS = [8, 5, 3];
const N = 8 + 5 + 3;
const STEPS = 3;

const run = (method: MethodChoice, dtype: "float32" | "float64" = "float32", rows = ROWS) =>
  train({
    sites: sitesOf(rows, 20, 5, dtype) as Site<Layer[], Sample>[],
    model: modelOf(mlp(WIDTHS, 3, dtype)),
    method,
    optimiser: sgd(0.1),
    steps: STEPS,
  });

/** Every choice whose traffic is worth a formula. */
const choices: MethodChoice[] = [
  "pooled",
  "none",
  "dSGD",
  "dAD",
  "edAD",
  "rank-dAD",
  { name: "rank-dAD", maxRank: 3 },
  { name: "rank-dAD", way: "twoWay", maxRank: 4, theta: 0.05 },
  { name: "rank-dAD", compat: "edad" },
  { name: "rank-dAD", compat: "catalyst-dad", maxRank: 5 },
  "PowerSGD",
  { name: "PowerSGD", rank: 2, minCompressionRate: 0, bias: "raw" },
  { name: "PowerSGD", rank: 3, startStep: 1 },
];

describe("the byte ledger", () => {
  for (const choice of choices)
    for (const dtype of ["float32", "float64"] as const)
      it(`is what the messages hold: ${JSON.stringify(choice)} in ${dtype} (oracle 12)`, async () => {
        const { ledger } = await run(choice, dtype);
        for (const { layer, site, up, down, upFormula, downFormula } of ledger.rows())
          assert.deepEqual([up, down], [upFormula, downFormula], `${layer} at ${site}`);
        if (choice !== "none") assert.ok(ledger.total().up > 0);
      });

  it("has the numbers of the table of traffic: h h', N (h + h'), N Σh_i, r (h + 1 + h')", async () => {
    const of = async (choice: MethodChoice) => {
      const rows = (await run(choice)).ledger.rows();
      return (layer: number, site: number) => {
        const row = rows.find((each) => each.layer === `[${layer}].weight` && each.site === `site ${site}`)!;
        return [row.up / 4 / STEPS, row.down / 4 / STEPS];
      };
    };
    for (const [layer, [h, o]] of [
      [0, [20, 16]],
      [1, [16, 12]],
      [2, [12, 5]],
    ] as const) {
      for (const s of [0, 1, 2]) {
        const bias = o;
        assert.deepEqual((await of("dSGD"))(layer, s), [h * o + bias, h * o + bias]);
        assert.deepEqual((await of("dAD"))(layer, s), [ROWS[s]! * (h + o), N * (h + o)]);
        const width = h + (layer === 2 ? o : 0);
        assert.deepEqual((await of("edAD"))(layer, s), [ROWS[s]! * width, N * width]);
        const r = 2;
        const rank = { name: "rank-dAD", maxRank: r, theta: 0 } as const;
        assert.deepEqual((await of(rank))(layer, s), [r * (h + 1 + o), 3 * r * (h + 1 + o)]);
        assert.deepEqual((await of({ ...rank, way: "twoWay" }))(layer, s), [
          r * (h + 1 + o),
          r * (h + 1 + o),
        ]);
        const power = { name: "PowerSGD", rank: r, minCompressionRate: 0 } as const;
        assert.deepEqual((await of(power))(layer, s), [r * (h + 1 + o), r * (h + 1 + o)]);
      }
    }
  });

  it("has the batch as a line of its own when that travels", async () => {
    const { ledger } = await run("pooled");
    const batch = ledger.rows().filter(({ layer }) => layer === "(batch)");
    assert.deepEqual(
      batch.map(({ up, down }) => [up, down]),
      ROWS.map((rows) => [rows * 25 * 4 * STEPS, N * 25 * 4 * STEPS]),
    );
    assert.equal(ledger.total().up, N * 25 * 4 * STEPS);
  });

  it("gives the published arithmetic of the MNIST network: 535,040 values, 2,330 N and 1,562 N", async () => {
    // 784-512-256-10 without biases is four times 196-128-64-2.5: the formulas themselves, at the published widths.
    const { methods } = await import("cotangent/dad");
    const widths = [784, 512, 256, 10];
    const total = (name: "dSGD" | "dAD" | "edAD" | "rank-dAD", rows: number, ranks: readonly number[]) =>
      [0, 1, 2].reduce((sum, i) => {
        const unit = {
          kind: "outer", name: "", weight: i, bias: null, isTransposed: false, uses: 1,
          inputs: widths[i]!, outputs: widths[i + 1]!,
        } as const; // prettier-ignore
        const method = methods[name];
        const traffic = { unit, isLast: i === 2, step: 0, rows: [rows, rows], site: 0, ranks, sharedRank: 0 };
        return sum + method.values(traffic, method.options({})).up;
      }, 0);
    assert.equal(total("dSGD", 16, []), 535_040);
    for (const [rows, dad, edad] of [
      [16, 37_280, 24_992],
      [32, 74_560, 49_984],
      [64, 149_120, 99_968],
      [128, 298_240, 199_936],
      [256, 596_480, 399_872],
    ] as const) {
      assert.equal(total("dAD", rows, []), dad);
      assert.equal(total("edAD", rows, []), edad);
    }
    assert.equal(total("rank-dAD", 32, [4, 4]), 4 * 2_330);
  });
});
