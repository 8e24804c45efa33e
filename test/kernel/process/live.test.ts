/** A solve in a cell shows itself while the cell runs. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

const MIME = "application/vnd.cotangent.attention.v1+json";

describe("a live solve", () => {
  const kernel = useKernel();

  it("is one display that changes, and ends as the whole with its still picture", async () => {
    const cell = await kernel().execute(`
      import { matrix, solveAttention } from "cotangent";
      const eye = matrix([[1, 0], [0, 1]]);
      const x = matrix([[1, 0], [0, 1], [0.5, -1]]);
      const weights = { query: eye, key: eye, value: eye, output: matrix([[0.9, 0], [0, 0.9]]) };
      let waited = performance.now();
      const solved = solveAttention({
        tokens: ["a", "b", "c"], x, weights, tolerance: 1e-300, maxIterations: 400, live: display,
        // Longer than the least time between two pictures, so that there are some.
        observe: () => { while (performance.now() < waited + 25); waited = performance.now(); },
      });
      void solved;
    `);
    const shown = cell.outputs.filter(({ type }) => type.endsWith("display_data"));
    assert.ok(shown.length >= 3, `${shown.length} pictures`);
    assert.deepEqual(
      shown.map(({ type }) => type),
      ["display_data", ...shown.slice(1).map(() => "update_display_data")],
    );
    const ids = new Set(shown.map(({ content }) => (content.transient as { display_id: string }).display_id));
    assert.equal(ids.size, 1);
    const reasons = shown.map(({ content }) => content.data[MIME].outcome.reason as string);
    assert.ok(reasons.slice(0, -1).every((reason) => reason === "running"));
    assert.notEqual(reasons.at(-1), "running");
    assert.ok("image/png" in shown.at(-1)!.content.data);
  });
});
