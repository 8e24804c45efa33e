/** What cells could do in tslab, they can do here: one test a behaviour. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { useKernel } from "../../support/kernel-fixture.js";

describe("as in tslab", () => {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-tslab-"));
  const kernel = useKernel({ cwd: folder });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (code: string) => kernel().execute(code);
  const results = async (cells: Record<string, string | undefined>) => {
    for (const [code, expected] of Object.entries(cells)) {
      const cell = await run(code);
      assert.equal(cell.status, "ok", `${code}\n${cell.status === "ok" ? "" : cell.traceback}`);
      assert.equal(cell.result, expected, code);
    }
  };

  it("the last expression is the value of the cell, also after others", () =>
    results({ "let x = 3, y = 4; x + y": "7", "x * y;": "12", "let z = x": undefined, "void 0": undefined }));

  it("a name may be declared again, as anything", () =>
    results({
      "const a = 1; a": "1",
      "const a = 'one'; a": "'one'",
      "function a() { return 2 } a()": "2",
      "class a { static v = 3 } a.v": "3",
      "enum a { B = 4 } a.B": "4",
      "let a = 5; a": "5",
      "var a = 6; a": "6",
    }));

  it("await stands at the top level, also in for", () =>
    results({
      "const w = await Promise.resolve(7); w": "7",
      "async function* count() { yield 1; yield 2 }\nlet sum = 0; for await (const n of count()) sum += n; sum":
        "3",
      "[await w, await 8]": "[ 7, 8 ]",
    }));

  it("closures see a name that is assigned later", () =>
    results({
      "let counter = 0; const next = () => ++counter": undefined,
      "next(); counter": "1",
      "counter = 10; next()": "11",
    }));

  it("types, interfaces and generics last from cell to cell", () =>
    results({
      "interface Point { x: number }\ntype Pair<T> = [T, T]": undefined,
      "const pair: Pair<Point> = [{ x: 1 }, { x: 2 }]; pair[1].x": "2",
      "export type { Point }; export interface Q { q: number }": undefined,
      "abstract class Shape { abstract area(): number }\nclass Square extends Shape { constructor(readonly side: number) { super() } area() { return this.side ** 2 } }":
        undefined,
      "new Square(3).area()": "9",
    }));

  it("modules are imported, by every form", async () => {
    writeFileSync(join(folder, "data.json"), '{"answer": 42}');
    await results({
      "import * as os from 'os'; typeof os.cpus": "'function'",
      "import fs, { existsSync } from 'fs'; [typeof fs.statSync, existsSync('data.json')]":
        "[ 'function', true ]",
      "const path = require('path'); path.basename('/a/b')": "'b'",
      "import util = require('util'); util.format('%d', 1)": "'1'",
      "(await import('node:path')).basename('/c/d')": "'d'",
      "require('./data.json').answer": "42",
      "import data from './data.json' with { type: 'json' }; data.answer": "42",
    });
  });

  it("exports are declarations", () =>
    results({ "export const e = 9; export { e as f }; export default e": "9", "e + 1": "10" }));

  it("a generator, a label, a destructuring default, a tagged template", () =>
    results({
      "function* g() { yield* [1, 2] } [...g()]": "[ 1, 2 ]",
      "const { p = 5, ...rest } = { q: 6 } as { p?: number; q: number }; [p, rest]": "[ 5, { q: 6 } ]",
      "let found = 0; outer: for (const i of [1, 2]) for (const j of [3, 4]) { if (j === 4) break outer; found = i * j } found":
        "3",
      "const tag = (s: TemplateStringsArray, ...v: number[]) => s.raw.join('|') + v; tag`a${1}b`": "'a|b1'",
    }));

  describe("a cell with @module", () => {
    it("is not run but imported, by a type-checked import", async () => {
      const cell = await run(
        "/** @module mylib */\nconsole.log('loaded');\nexport const version: number = 1;\nexport enum Kind { A, B }\nexport const inner = 1;",
      );
      assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
      assert.equal(cell.stream("stdout"), "");
      const user = await run("import { version, Kind } from './mylib';\n[version, Kind.B]");
      assert.equal(user.stream("stdout"), "loaded\n");
      assert.equal(user.result, "[ 1, 1 ]");
      assert.equal((await run("import * as again from './mylib.js'; again.version")).stream("stdout"), "");
      assert.equal((await run("typeof inner")).result, "'undefined'");
    });

    it("is another module when it is run again", async () => {
      await run("/** @module mylib */\nexport const version = 'two';");
      assert.equal((await run("import { version } from './mylib'; version")).result, "'two'");
    });

    it("imports other module cells", async () => {
      await run(
        "/**\n * Doubles.\n * @module twice\n */\nimport { version } from './mylib';\nexport const twice = () => version + version;",
      );
      assert.equal((await run("(await import('./twice')).twice()")).result, "'twotwo'");
    });

    it("has its own lines in a traceback", async () => {
      await run("/** @module wrong */\nexport function boom() {\n  throw new Error('in a module');\n}");
      const { traceback } = await run("import { boom } from './wrong';\nboom()");
      assert.match(
        traceback,
        /> 3 \| {3}throw new Error[^]*boom \(Cell \d+, line 3, column 9\)\n.*Cell \d+, line 2, column 1$/,
      );
    });

    it("is checked like any other", async () => {
      const wrong = await run("/** @module bad */\nexport const n: number = 'text';");
      assert.match(wrong.traceback, /TS2322/);
      assert.match((await run("/** @module bad */\nexport const = 1")).traceback, /line 2, column 14/);
    });
  });
});
