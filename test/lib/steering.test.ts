/** A long computation that is stopped from outside, between two iterations. */
import assert from "node:assert/strict";

import { matrix, philox, randomNormal, solve, type Tensor } from "cotangent";
import { train } from "cotangent/dad";
import { STOPPED } from "../../lib/src/steering.js";

const STEERING = Symbol.for("cotangent.steering");
const place = globalThis as { [STEERING]?: { proceed(): boolean } };

/** Someone who says "stop" at the n-th question. */
function stopAt(n: number): void {
  let asked = 0;
  place[STEERING] = { proceed: () => ++asked < n };
}

describe("steering", () => {
  afterEach(() => delete place[STEERING]);

  it("stops a solve, which returns its best iterate and says so", () => {
    stopAt(4);
    const seen = solve((z) => ({ ...z, data: z.data.map(Math.cos) }), matrix([[1]]));
    assert.equal(seen.reason, "stopped");
    assert.equal(seen.converged, false);
    assert.equal(seen.iterations, 4);
    assert.equal(seen.bestIteration, 3);
    assert.deepEqual(seen.warnings, [STOPPED]);
  });

  it("stops a training run after a whole step, at which all sites hold the same", async () => {
    stopAt(3);
    const site = (name: string, seed: number) => ({
      name,
      batch: (step: number) => ({ rows: 4, data: randomNormal(philox(seed, step), [4, 3]) as Tensor }),
    });
    const run = await train({
      sites: [site("here", 1), site("there", 2)],
      model: {
        params: { w: randomNormal(philox(3), [3, 3]) as Tensor },
        loss: ({ w }, x: Tensor) => x.matmul(w).square().mean(),
      },
      method: "dSGD",
      optimiser: (params, gradient) => ({ w: params.w.sub(gradient.w.mul(0.1)) }),
      steps: 10,
    });
    assert.equal(run.steps, 3);
    assert.ok(run.notes.includes(STOPPED));
    assert.deepEqual(run.siteParams[0]!.w.dataSync(), run.siteParams[1]!.w.dataSync());
    assert.equal(run.trace().steps, 3);
  });

  it("asks nothing where nobody steers", () => {
    const seen = solve((z) => ({ ...z, data: z.data.map(Math.cos) }), matrix([[1]]));
    assert.equal(seen.reason, "converged");
  });
});
