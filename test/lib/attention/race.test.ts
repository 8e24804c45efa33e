/** Races of solvers on one attention problem. */
import assert from "node:assert/strict";
import { raceAttention, solveAttention, type Contender } from "cotangent";
import { decodeAttentionTrace, encodeAttentionTrace } from "cotangent/trace";
import { toy } from "./toy.js";

const problem = { ...toy(5, 2, 4), norm: "frobenius", mode: "absolute", tolerance: 1e-10, maxIterations: 150 } as const; // prettier-ignore

describe("a race of solvers", () => {
  it("is the first one's solve, with the residuals of the others as they are alone", () => {
    const raced = raceAttention(problem, [{ damping: 1 }, { damping: 0.5 }, { solver: "anderson", name: "Anderson" }]); // prettier-ignore
    assert.equal(raced.diagnosis.state, "cycling");
    const rivals = raced.trace.rivals!;
    assert.deepEqual(
      rivals.map(({ name, converged, residuals }) => [name, converged, residuals.length]),
      [
        ["picard, damping 0.5", true, 68],
        ["Anderson", true, 24],
      ],
    );
    assert.deepEqual(rivals[0]!.residuals, solveAttention({ ...problem, damping: 0.5 }).residuals.absolute);
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(raced.trace).data), raced.trace);
  });

  it("refuses too few or too many, and what would make the residuals another measure", () => {
    const refused = (contenders: readonly object[], message: RegExp) =>
      assert.throws(() => raceAttention(problem, contenders as Contender[]), { message });
    refused([{ damping: 1 }], /^A race needs 2 to 8 contenders/);
    refused(Array(9).fill({}), /^A race needs 2 to 8 contenders/);
    refused([{}, { norm: "max" }], /^A contender has no option "norm"/);
  });
});
