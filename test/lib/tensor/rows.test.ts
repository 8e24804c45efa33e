/** Every row of the table of operations on tensors, found by itself: its derivatives, to second order, in double precision. */
import assert from "node:assert/strict";

import type { Tensor } from "../../../lib/src/index.js";
import { jvp, philox, referenceEngine, tensor, tensorRules, vjp } from "../../../lib/src/index.js";

import { apply, type TensorOp } from "../../../lib/src/tensor/op.js";
import { drawing, type Sample, samples } from "./row-samples.js";
import { rule } from "./rule.js";

const ENGINE = { dtype: "float64", engine: referenceEngine } as const;

const numbers = (tensors: readonly Tensor[]): number[] => tensors.flatMap((t) => [...t.dataSync()]);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Tensors of the shapes of others, normal. */
const alike = (seed: number, tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((t, i) => tensor(philox(seed).split(i).normals(t.size), t.shape, ENGINE));

/** The arguments that have a derivative as the only ones. */
function freeOf(op: TensorOp<never>, { x, p }: Sample) {
  const places = x.map((_, i) => i).filter((i) => !op.passive?.includes(i));
  const f = (...free: Tensor[]): Tensor[] => {
    const all = [...x];
    places.forEach((place, i) => (all[place] = free[i]!));
    return [...apply(op as TensorOp<unknown>, all, p)];
  };
  return { f, at: places.map((place) => x[place]!) };
}

const moved = (at: readonly Tensor[], along: readonly Tensor[], h: number): Tensor[] =>
  at.map((t, i) => t.add(along[i]!.mul(h)));

/** Central differences with one step of Richardson's extrapolation. */
function difference(f: (h: number) => readonly number[]): number[] {
  const central = (h: number) => {
    const [up, down] = [f(h), f(-h)];
    return up.map((value, i) => (value - down[i]!) / (2 * h));
  };
  const [coarse, fine] = [central(2e-3), central(1e-3)];
  return fine.map((value, i) => (4 * value - coarse[i]!) / 3);
}

function close(got: readonly number[], want: readonly number[], tolerance: number, what: string): void {
  const scale = Math.max(1, ...want.map(Math.abs));
  got.forEach((value, i) =>
    assert.ok(Math.abs(value - want[i]!) <= tolerance * scale, `${what}: ${value} is not ${want[i]}`),
  );
}

/** What is inside may change its sign or order; derivatives of these are not of single factors. */
const free = (op: TensorOp<never>): Sample[] => [
  ...samples[op.name]!(drawing(7, "float64", referenceEngine)),
];

describe("the table of operations on tensors", () => {
  it("has a sample for every row, and no other", () => {
    assert.deepEqual(tensorRules.map(({ name }) => name).sort(), Object.keys(samples).sort());
  });

  for (const op of tensorRules) {
    if (op.vjp === null) {
      it(`gives ${op.name} no derivative: what depends on it alone is a constant`, () => {
        for (const { x, p } of free(op)) {
          const [, pullback] = vjp(
            ((t: Tensor) => rule(op.name, [t, ...x.slice(1)], p)[0]!) as never,
            x[0]! as never,
          );
          assert.ok(numbers(pullback(x[0]!.zero() as never) as never).every((value) => value === 0));
        }
      });
      continue;
    }

    it(`has a tangent of ${op.name} that is its change`, () => {
      for (const [seed, sample] of free(op).entries()) {
        const { f, at } = freeOf(op, sample);
        const along = alike(seed + 20, at);
        const [, tangents] = jvp(f as never, at as never, along as never) as unknown as [Tensor[], Tensor[]];
        // fround is a staircase to differences.
        if (op.name === "fround") continue;
        close(
          numbers(tangents),
          difference((h) => numbers(f(...moved(at, along, h)))),
          1e-7,
          op.name,
        );
      }
    });

    it(`has an adjoint of ${op.name} that is the transpose of its tangent`, () => {
      for (const [seed, sample] of free(op).entries()) {
        const { f, at } = freeOf(op, sample);
        const along = alike(seed + 20, at);
        const [value, tangents] = jvp(f as never, at as never, along as never) as unknown as [
          Tensor[],
          Tensor[],
        ];
        const bar = alike(seed + 40, value);
        const adjoints = vjp(f as never, ...(at as never[]))[1](bar as never) as unknown as Tensor[];
        adjoints.forEach((adjoint, i) => assert.deepEqual(adjoint.shape, at[i]!.shape));
        const [left, right] = [dot(numbers(tangents), numbers(bar)), dot(numbers(along), numbers(adjoints))];
        close([left], [right], 1e-9, op.name);
      }
    });

    it(`has an adjoint of ${op.name} that can be differentiated again, both ways`, () => {
      for (const [seed, sample] of free(op).entries()) {
        const { f, at } = freeOf(op, sample);
        const bar = alike(seed + 40, f(...at));
        const along = alike(seed + 60, at);
        const pulled = (...x: Tensor[]) =>
          vjp(f as never, ...(x as never[]))[1](bar as never) as unknown as Tensor[];
        const [, change] = jvp(pulled as never, at as never, along as never) as unknown as [
          Tensor[],
          Tensor[],
        ];
        if (op.name !== "fround")
          close(
            numbers(change),
            difference((h) => numbers(pulled(...moved(at, along, h)))),
            1e-6,
            op.name,
          );
        const weights = alike(seed + 80, at);
        const twice = vjp(pulled as never, ...(at as never[]))[1](weights as never) as unknown as Tensor[];
        const [left, right] = [dot(numbers(change), numbers(weights)), dot(numbers(along), numbers(twice))];
        close([left], [right], 1e-9, op.name);
      }
    });
  }
});
