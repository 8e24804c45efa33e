import assert from "node:assert/strict";
import fc from "fast-check";
import { ops, record, type Recorded } from "cotangent";
import { consumersOf, type TapeTrace, whyAdjoint } from "cotangent/trace";
import { compiled } from "../../../support/compiled.js";

const seed = 20261127;

/** A random program of sums, products and sines of earlier nodes. */
const programs = fc.array(
  fc.record({ op: fc.constantFrom("add", "mul", "sin"), a: fc.nat(1000), b: fc.nat(1000) }),
  { minLength: 1, maxLength: 9 },
);
type Program = readonly { op: "add" | "mul" | "sin"; a: number; b: number }[];
const traceOf = (program: Program): TapeTrace =>
  record(
    (x: number, y: number) => {
      const made: Recorded[] = [x, y] as unknown as Recorded[];
      for (const { op, a, b } of program) {
        const [left, right] = [made[a % made.length]!, made[b % made.length]!];
        made.push((op === "sin" ? ops.sin(left as never) : ops[op](left as never, right as never)) as never);
      }
      return made.at(-1) as unknown as number;
    },
    0.7,
    1.3,
  ).toTrace();

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-12 * (1 + Math.abs(b)), `${a} ≠ ${b}`);

describe("why an adjoint is what it is", () => {
  it("names the contributions, the paths, and that nothing cancels", () => {
    const f = compiled<(x: number, y: number) => number>(
      `(x, y) => { "use ad"; return Math.sin(x) * y + 3 * x; }`,
    );
    const trace = record(f, 0, 4).toTrace();
    const why = whyAdjoint(trace, 0);
    assert.equal(why.adjoint, 7);
    assert.deepEqual(
      why.contributions.map(({ contribution }) => contribution),
      [4, 3],
    );
    assert.deepEqual(
      why.paths.map(({ product }) => product),
      [4, 3],
    );
    const names = why.paths[0]!.nodes.map((n) => trace.operations[trace.nodes.operation[n]!]);
    assert.deepEqual(names, ["add", "mul", "sin", "input"]);
    assert.deepEqual([why.cancellation, why.share], [1, 1]);
  });

  it("says by how much contributions cancel: 201 for 101 against −100", () => {
    const f = compiled<(x: number) => number>(`(x) => { "use ad"; return 101 * x - 100 * x; }`);
    assert.equal(whyAdjoint(record(f, 2).toTrace(), 0).cancellation, 201);
  });

  it("finds that the contributions of every node but the output add up to its adjoint", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const trace = traceOf(program);
        const consumers = consumersOf(trace);
        for (let n = 0; n < trace.outputs[0]!.node; n++) {
          const { adjoint, contributions } = whyAdjoint(trace, n, { consumers });
          near(
            contributions.reduce((sum, { contribution }) => sum + contribution, 0),
            adjoint,
          );
        }
      }),
      { seed },
    );
  });

  it("finds that all paths together are the whole adjoint, and the k best of them the first k", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const trace = traceOf(program);
        const { adjoint, paths } = whyAdjoint(trace, 0, { paths: 100_000 });
        near(
          paths.reduce((sum, { product }) => sum + product, 0),
          adjoint,
        );
        const best = whyAdjoint(trace, 0, { paths: 3 }).paths.map(({ product }) => Math.abs(product));
        assert.deepEqual(best, paths.slice(0, 3).map(({ product }) => Math.abs(product))); // prettier-ignore
      }),
      { seed, numRuns: 60 },
    );
  });

  it("refuses a node that there is not", () => {
    assert.throws(() => whyAdjoint(traceOf([{ op: "add", a: 0, b: 1 }]), 99), /no node 99/);
  });
});
