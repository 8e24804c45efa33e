/** The library's API documentation: that TypeDoc makes it of the sources, and has nothing to complain of. */
import assert from "node:assert/strict";

import { documented } from "../../scripts/docs.mjs";

describe("the API documentation", () => {
  it("names every type that it speaks of, and has no broken link or tag (npm run docs)", async function () {
    this.timeout(120_000);
    assert.deepEqual(await documented(), []);
  });
});
