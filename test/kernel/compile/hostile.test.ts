/** Cells that nobody writes by hand. */
import assert from "node:assert/strict";

import { Compiler } from "../../../kernel/src/compile/compiler.js";

describe("the compiler", () => {
  const compiler = new Compiler();
  let id = 0;
  const compile = (source: string) => compiler.compile(source, ++id);
  const deep: readonly (readonly [string, string])[] = [
    ["brackets", "[".repeat(1e4) + "]".repeat(1e4)],
    ["parentheses", `${"(".repeat(1e5)}1${")".repeat(1e5)}`],
    ["an endless sum", `1${"+1".repeat(1e5)}`],
    ["functions", `${"()=>".repeat(3e4)}1`],
  ];
  for (const [what, source] of deep)
    it(`refuses ${what} nested too deeply, and compiles the next cell`, async () => {
      const refused = await compile(source);
      assert.ok(!refused.ok);
      assert.match(refused.message, /nested too deeply|Not enough stack space/);
      assert.ok((await compile("const x: number = 1; enum E { A }")).ok);
    });

  it("takes a string of a million characters and ten thousand lines", async () => {
    assert.ok((await compile(`const s: string = "${"x".repeat(1e6)}"`)).ok);
    const lines = Array.from({ length: 1e4 }, (_, i) => `const v${i}: number = ${i};`);
    const compiled = await compile(lines.join("\n"));
    assert.ok(compiled.ok && compiled.code.split("\n").length === 1e4 + 1);
  });

  it("counts the lines of Windows, and a byte order mark as nothing", async () => {
    const crlf = await compile("let a = 1;\r\nlet b: number = = 1");
    assert.deepEqual(!crlf.ok && crlf.place?.line, 2);
    assert.ok((await compile("\uFEFFlet c: number = 1")).ok);
  });

  it("takes what is hardly a cell", async () => {
    for (const source of [" ", "// only", "/* only */", "#!/usr/bin/env node\n1", "'\uD800'", ";", "{}"])
      assert.ok((await compile(source)).ok, JSON.stringify(source));
    assert.ok(!(await compile("let z = 1\0")).ok);
  });
});
