/** Which Node will do. */
import assert from "node:assert/strict";

import { checkNode } from "../../../scripts/setup/node-version.mjs";
import { Trouble } from "../../../scripts/setup/trouble.mjs";

describe("Node", () => {
  it("20.19, 22.12 and whatever is newer will do", () => {
    for (const version of ["20.19.0", "20.20.2", "22.12.0", "23.1.0", "24.0.0"]) checkNode(version);
  });

  it("that is older is refused, with the way to a newer one", () => {
    for (const version of ["16.20.2", "18.20.8", "20.18.3", "21.7.3", "22.11.0"])
      assert.throws(
        () => checkNode(version),
        (error) =>
          error instanceof Trouble &&
          error.message === `Cotangent needs Node 20.19, 22.12 or newer; this is Node ${version}.` &&
          error.remedy.includes("https://nodejs.org"),
      );
  });
});
