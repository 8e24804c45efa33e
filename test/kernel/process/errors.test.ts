/** Errors as the reader sees them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { useKernel } from "../../support/kernel-fixture.js";

describe("errors", () => {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-errors-"));
  const kernel = useKernel({ cwd: folder });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("carry a code frame and the user's own frames only", async () => {
    const cell = await kernel().execute(
      "function f(n: number): void {\n  if (n === 0) throw new TypeError('bad');\n  f(n - 1);\n}\nf(1)",
    );
    assert.equal(
      cell.traceback,
      [
        "TypeError: bad",
        "  1 | function f(n: number): void {",
        "> 2 |   if (n === 0) throw new TypeError('bad');",
        "    |                      ^",
        "  3 |   f(n - 1);",
        "  4 | }",
        "  5 | f(1)",
        "    at f (Cell 1, line 2, column 22)",
        "    at f (Cell 1, line 3, column 3)",
        "    at Cell 1, line 5, column 1",
      ]
        .filter((line) => line !== "  5 | f(1)")
        .join("\n"),
    );
    assert.equal(cell.reply.content.ename, "TypeError");
    assert.equal(cell.reply.content.evalue, "bad");
  });

  it("name the cell that a function came from", async () => {
    const { traceback } = await kernel().execute("\n  f(0)");
    assert.match(traceback, /at f \(Cell 1, line 2, column 22\)\n {4}at Cell 2, line 2, column 3$/);
  });

  it("of syntax point at line and column and run nothing of the cell", async () => {
    const cell = await kernel().execute("globalThis.ran = true;\nlet y: number = = 2;");
    assert.equal(cell.reply.content.ename, "SyntaxError");
    assert.match(cell.traceback, /^SyntaxError: Expression expected \(Cell 3, line 2, column 17\)/);
    assert.match(cell.traceback, /> 2 \| let y: number = = 2;\n {4}\| {17}\^/);
    assert.equal((await kernel().execute("typeof globalThis.ran")).result, "'undefined'");
  });

  it("of endless recursion say the repeated line once", async () => {
    const { traceback } = await kernel().execute("const f0 = (): number => f0(); f0()");
    assert.match(traceback, /^RangeError: Maximum call stack size exceeded\n/);
    assert.match(traceback, /at f0 \(Cell \d+, line 1, column 26\)\n {4}… \d+ more of the same$/);
  });

  it("unfold their causes", async () => {
    const { traceback } = await kernel().execute(
      "throw new Error('outer', { cause: new RangeError('inner') })",
    );
    assert.match(traceback, /^Error: outer\n[^]*Caused by RangeError: inner/);
  });

  it("may be anything that can be thrown", async () => {
    for (const [thrown, shown] of [
      ["{ a: 1 }", "{ a: 1 }"],
      ["5", "5"],
      ["null", "null"],
      ["undefined", "undefined"],
      ["new Proxy({}, { get() { throw 1 } })", "{}"],
    ]) {
      const cell = await kernel().execute(`throw ${thrown}`);
      assert.equal(cell.status, "error");
      assert.equal(cell.traceback, `Uncaught: ${shown}`);
    }
  });

  it("in an object-literal cell have the user's column, not ours", async () => {
    const { traceback } = await kernel().execute("{a: globalThis.missing.b}");
    assert.match(traceback, /column 24$/);
  });

  it("in a TypeScript file beside the notebook name the file and its line", async () => {
    writeFileSync(
      join(folder, "helper.ts"),
      "export interface T { x: number }\nexport function boom(t: T): never {\n  throw new Error(`x is ${t.x}`);\n}\n",
    );
    const { traceback } = await kernel().execute('import { boom } from "./helper.ts";\nboom({ x: 1 })');
    assert.match(traceback, /at boom \(helper\.ts, line 3, column 9\)/);
  });
});
