/** PowerSGD: linear in the sites, telescoping errors, safe where the gradient has less rank than asked. */
import assert from "node:assert/strict";

import { philox, randomNormal, tensor, type Tensor } from "cotangent";
import { type MethodChoice, type Site, train } from "cotangent/dad";

import { orthonormalColumns } from "../../../lib/src/dad/orthonormal.js";
import { distance } from "./mlp.js";

const F64 = { dtype: "float64" } as const;
const [M, N] = [12, 9];

/** A loss whose gradient is XᵀY/n, whatever the weight is: ⟨x W, y⟩. */
const loss = (W: Tensor, { x, y }: { x: Tensor; y: Tensor }): Tensor => x.matmul(W).mul(y).sum(1).mean();
const batch = (seed: number, rows: number) => ({
  x: randomNormal(philox(seed, 1), [rows, M], F64),
  y: randomNormal(philox(seed, 2), [rows, N], F64),
});

interface Step {
  readonly gradients: number[][];
}

/** What the sites got as gradients, step by step. */
async function shared(
  sites: Site<Tensor, { x: Tensor; y: Tensor }>[],
  method: MethodChoice,
  steps: number,
): Promise<Step> {
  const gradients: number[][] = [];
  await train({
    sites,
    model: { params: tensor(new Float64Array(M * N), [M, N]) as Tensor, loss },
    method,
    optimiser(W, gradient) {
      gradients.push([...gradient.dataSync()]);
      return W;
    },
    steps,
  });
  return { gradients: gradients.filter((_, i) => i % sites.length === 0) };
}

const sites = (count: number, rows: number) =>
  Array.from({ length: count }, (_, s) => ({
    name: `s${s}`,
    batch: (step: number) => ({ rows, data: batch(100 * s + step, rows) }),
  }));

/** One site with the samples of several, so that its gradient is their mean. */
const together = (count: number, rows: number) => [
  {
    name: "all",
    batch: (step: number) => {
      const all = Array.from({ length: count }, (_, s) => batch(100 * s + step, rows));
      const joined = (of: "x" | "y", width: number) =>
        tensor(Float64Array.from(all.flatMap((each) => [...each[of].dataSync()])), [count * rows, width]);
      return { rows: count * rows, data: { x: joined("x", M), y: joined("y", N) } };
    },
  },
];

const sum = (vectors: readonly number[][]): number[] => vectors.reduce((a, b) => a.map((x, i) => x + b[i]!));
const power = { name: "PowerSGD", rank: 2, minCompressionRate: 0 } as const;

describe("PowerSGD", () => {
  it("is linear in the sites: as one site with the mean gradient (oracle 13)", async () => {
    const [several, one] = [await shared(sites(3, 4), power, 5), await shared(together(3, 4), power, 5)];
    several.gradients.forEach((got, t) => assert.ok(distance(got, one.gradients[t]!) < 1e-12, `step ${t}`));
  });

  it("telescopes: what was shared is what was there, but for the last error (oracle 13)", async () => {
    const steps = 12;
    const exact = (await shared(sites(3, 4), "dSGD", steps)).gradients;
    const got = (await shared(sites(3, 4), power, steps)).gradients;
    // E_T = Σ∇W − ΣM̂, and E_T is what the compression of the last M left: orthogonal to the columns of the last P.
    const error = sum([...exact, ...got.map((g) => g.map((x) => -x))]);
    const M_T = got.at(-1)!.map((x, i) => x + error[i]!);
    const dot = got.at(-1)!.reduce((total, x, i) => total + x * error[i]!, 0);
    assert.ok(Math.abs(dot) < 1e-10 * Math.hypot(...M_T) ** 2, `${dot}`);
    assert.ok(Math.hypot(...error) > 0.1, "something was left");
    const without = (await shared(sites(3, 4), { ...power, errorFeedback: false }, steps)).gradients;
    const lost = sum([...exact, ...without.map((g) => g.map((x) => -x))]);
    assert.ok(Math.hypot(...error) < Math.hypot(...lost), "without feedback more is lost");
  });

  it("finds a gradient that stays in a few steps, by its warm start", async () => {
    const still = (count: number) =>
      Array.from({ length: count }, (_, s) => ({
        name: `s${s}`,
        batch: () => ({ rows: 4, data: batch(100 * s, 4) }),
      }));
    const [exact] = (await shared(still(2), "dSGD", 1)).gradients;
    const run = async (warmStart: boolean) =>
      (await shared(still(2), { ...power, rank: 4, warmStart, errorFeedback: false }, 12)).gradients.map((g) => distance(g, exact!)); // prettier-ignore
    const [warm, cold] = [await run(true), await run(false)];
    assert.ok(warm.at(-1)! < warm[0]! && warm.at(-1)! < Math.min(...cold.slice(1)));
  });

  it("is exact, and finite, where its rank is above that of the gradient (trap 5)", async () => {
    const low = sites(2, 1);
    const exact = (await shared(low, "dSGD", 3)).gradients;
    const got = (await shared(low, { ...power, rank: 8 }, 3)).gradients;
    got.forEach((g, t) => assert.ok(distance(g, exact[t]!) < 1e-9, `step ${t}: ${distance(g, exact[t]!)}`));
  });

  it("is dSGD before its start step, and for layers that it would not make smaller", async () => {
    const exact = (await shared(sites(2, 4), "dSGD", 3)).gradients;
    const late = (await shared(sites(2, 4), { ...power, startStep: 2 }, 3)).gradients;
    assert.deepEqual(late.slice(0, 2), exact.slice(0, 2));
    assert.notDeepEqual(late[2], exact[2]);
    assert.deepEqual((await shared(sites(2, 4), { name: "PowerSGD", rank: 4 }, 3)).gradients, exact);
  });
});

describe("orthonormal columns", () => {
  it("drop what is nothing but rounding of the others", () => {
    for (const like of [Float64Array, Float32Array]) {
      const [a, b] = [philox(1).normals(20), philox(2).normals(20)];
      const data = new like(a.length * 3);
      a.forEach((x, i) => data.set([x, b[i]!, 0.3 * x - 0.7 * b[i]!], 3 * i));
      const { data: q } = orthonormalColumns({ rows: 20, cols: 3, data });
      const length = (j: number) => Math.hypot(...Array.from({ length: 20 }, (_, i) => q[3 * i + j]!));
      assert.ok(Math.abs(length(0) - 1) < 1e-14 && Math.abs(length(1) - 1) < 1e-14);
      assert.equal(length(2), 0);
    }
  });

  it("drop what depends on the others", () => {
    const data = Float64Array.of(1, 2, 0, 0, 0, 1, 1, 2, 0);
    const { data: q } = orthonormalColumns({ rows: 3, cols: 3, data });
    const column = (j: number) => [q[j]!, q[3 + j]!, q[6 + j]!];
    assert.deepEqual(column(1), [0, 0, 0]);
    assert.ok(
      Math.abs(Math.hypot(...column(0)) - 1) < 1e-15 && Math.abs(Math.hypot(...column(2)) - 1) < 1e-15,
    );
  });
});
