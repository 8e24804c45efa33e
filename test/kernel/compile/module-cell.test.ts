/** Which cells are modules. */
import assert from "node:assert/strict";

import { Compiler } from "../../../kernel/src/compile/compiler.js";
import { moduleName } from "../../../kernel/src/compile/module-cell.js";

describe("a module cell", () => {
  it("has its name in a documentation comment at its top", () => {
    for (const source of [
      "/** @module name */ 1",
      "\n// first\n/* and */ /**\r\n * Text.\r\n * @module name\r\n */",
      "/** @module name*/",
    ])
      assert.equal(moduleName(source), "name", source);
  });

  it("is none without one", () => {
    for (const source of [
      "/* @module name */",
      "1; /** @module name */",
      "// @module name",
      "/** @module */",
      "/** @module ../x */",
      "'/** @module name */'",
    ])
      assert.equal(moduleName(source), null, source);
  });

  it("becomes a call that hands its code to the host", async () => {
    const compiled = await new Compiler().compile("/** @module m */ export const a: number = 1", 4);
    assert.ok(compiled.ok);
    assert.equal(compiled.module, "m");
    assert.match(compiled.code, /^\$defineModule\("m",4,"\/\*\* @module m \*\/ export const a {9}= 1"\)\n/);
  });
});
