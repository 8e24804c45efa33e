/** Cells with syntax that types cannot be erased from, in a real kernel. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { useKernel } from "../../support/kernel-fixture.js";

describe("cells with more than types", () => {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-emit-"));
  const kernel = useKernel({ cwd: folder, env: { ...process.env, COTANGENT_TYPES: "off" } });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (code: string) => kernel().execute(code);

  it("declare enums, again and as something else", async () => {
    assert.equal((await run("enum A { B, C }\nenum A { D = 9 }\n[A.C, A.D]")).result, "[ 1, 9 ]");
    assert.equal((await run("enum A { X = 'x' }\nA")).result, "{ X: 'x' }");
    assert.equal((await run("const A = 5; A")).result, "5");
    assert.equal((await run("enum A { Z }\nObject.keys(A)")).result, "[ '0', 'Z' ]");
    assert.equal((await run("const enum F { G = 4 }\nF.G")).result, "4");
    assert.equal((await run("F.G")).result, "4");
  });

  it("merge namespaces of one cell, and functions of them have their own lines", async () => {
    const cell = await run(
      "namespace N {\n  export const a = 1;\n  export function boom() { throw new Error('N') }\n}\nnamespace N { export const b = a + 1 }\nN.b",
    );
    assert.equal(cell.result, "2");
    assert.match(
      (await run("\nN.boom()")).traceback,
      /> 3 \|[^]*boom \(Cell \d+, line 3, column 34\)\n.*Cell \d+, line 2, column 3$/,
    );
  });

  it("decorate classes, which go on working when the next cell decorates another", async () => {
    const cell = await run(
      "const seen: string[] = [];\nconst dec = (_: any, c: any) => { seen.push(c.kind) };\n@dec class D { @dec m() { throw new TypeError('m') } accessor z = 3 }",
    );
    assert.equal(cell.result, undefined);
    assert.equal(
      (await run("@dec class D2 { @dec f = 2 }\nseen")).result,
      "[ 'method', 'class', 'field', 'class' ]",
    );
    assert.equal((await run("new D().z + new D2().f")).result, "5");
    assert.match((await run("new D().m()")).traceback, /D\.m \(Cell \d+, line 3, column 33\)/);
    assert.equal(
      (await run("@dec class D {}\nObject.keys(globalThis).filter((k) => k.startsWith('_'))")).result,
      "[]",
    );
  });

  it("dispose of what they use, also at the top level", async () => {
    const resource = "{ [Symbol.dispose]() { console.log('disposed') } }";
    const cell = await run(
      `{ using r = ${resource}; console.log('body') }\nusing s = ${resource}; console.log('last')`,
    );
    assert.equal(cell.stream("stdout"), "body\ndisposed\nlast\ndisposed\n");
  });

  it("have parameter properties, casts and import-require", async () => {
    assert.equal(
      (
        await run(
          "class P { constructor(private x: number) {} get() { return <any>this.x } }\nnew P(4).get()",
        )
      ).result,
      "4",
    );
    assert.equal((await run("import os = require('node:os'); typeof os.cpus")).result, "'function'");
  });

  it("keep an import that only a later cell uses", async () => {
    assert.equal((await run("import { join } from 'node:path';\nenum G { H }")).status, "ok");
    assert.equal((await run("join('a', 'b')")).result, "'a/b'");
  });

  it("have JSX, by a factory or by a package that says how to install it", async () => {
    const cell = await run(
      "/** @jsx h */\nconst h = (t: any, p: any, ...c: any[]) => [t, p, c];\n<b id='1'>x</b>",
    );
    assert.equal(cell.result, "[ 'b', { id: '1' }, [ 'x' ] ]");
    assert.match((await run("const el = <b>1</b>")).traceback, /npm install react/);
  });

  it("say where a syntax error is", async () => {
    assert.match((await run("enum Q { R }\nlet y = = 2")).traceback, /Cell \d+, line 2, column 9/);
    assert.match((await run("const e = <b>\n  {1 +}</b>")).traceback, /Cell \d+, line 2, column 7/);
  });

  it("are as good in an imported file", async () => {
    writeFileSync(
      join(folder, "shapes.ts"),
      "export enum Kind { A, B }\nexport class P {\n  constructor(private x: number) {}\n  boom(): never {\n    throw new Error(`x ${this.x}`);\n  }\n}\n",
    );
    const { traceback } = await run("import { Kind, P } from './shapes.ts';\nnew P(Kind.B).boom()");
    assert.match(traceback, /> 5 \| {5}throw new Error[^]*P\.boom \(shapes\.ts, line 5, column 11\)/);
    writeFileSync(
      join(folder, "h.tsx"),
      "/** @jsx h */\nconst h = (t: string) => t;\nexport const e = <b/>;\n",
    );
    assert.equal((await run("import { e } from './h.js'; e")).result, "'b'");
    writeFileSync(join(folder, "old.cts"), "enum E { A = 7 }\nmodule.exports = { value: E.A as number };\n");
    assert.equal((await run("import old from './old.cts'; old.value")).result, "7");
  });
});

describe("error.stack", () => {
  const kernel = useKernel({ env: { ...process.env, COTANGENT_TYPES: "off" } });

  it("names cells as people do, without the kernel's own frames", async () => {
    const { result } = await kernel().execute("function f() { return new Error('shown').stack }\nf()");
    assert.equal(
      result,
      "'Error: shown\\n' +\n  '    at f (Cell 1, line 1, column 23)\\n' +\n  '    at Cell 1, line 2, column 1'",
    );
  });

  it("is the user's own to format", async () => {
    const cell = await kernel().execute(
      "Error.prepareStackTrace = (_, sites) => sites.length > 0;\nnew Error().stack",
    );
    assert.equal(cell.result, "true");
  });
});

describe("tracebacks", () => {
  const kernel = useKernel({ env: { ...process.env, COTANGENT_TYPES: "off" } });

  it("unfold an AggregateError, nested ones and causes included", async () => {
    const { traceback } = await kernel().execute(
      "throw new AggregateError([new Error('one'), new AggregateError([3]), new Error('x', { cause: 5 })], 'many')",
    );
    assert.match(
      traceback,
      /^AggregateError: many\n[^]*Error 1 of 3: Error: one\n[^]*Error 2 of 3: AggregateError[^]*Error 1 of 1: Uncaught: 3\n[^]*Error 3 of 3: Error: x\n[^]*Caused by Uncaught: 5$/,
    );
  });

  it("bound what they unfold", async () => {
    const { traceback } = await kernel().execute(
      "const circle = new AggregateError([], 'circle'); circle.errors.push(circle, circle); throw circle",
    );
    assert.match(traceback, /… and further errors/);
    assert.ok(traceback.split("\n").length < 300);
  });

  it("show an error's own properties", async () => {
    const { traceback } = await kernel().execute("require('node:fs').readFileSync('/nope/x')");
    assert.match(
      traceback,
      /^Error: ENOENT.*\n {4}errno: -2\n {4}code: 'ENOENT'\n {4}syscall: 'open'\n {4}path: '\/nope\/x'\n/,
    );
  });

  it("show the call of eval, of new Function and of another context", async () => {
    for (const code of ["eval('throw new Error(1)')", "new Function('throw new Error(1)')()"])
      assert.match(
        (await kernel().execute(code)).traceback,
        /^Error: 1\n[^]*at Cell \d+, line 1, column \d+$/,
      );
    const { traceback } = await kernel().execute(
      "require('node:vm').runInNewContext('throw new RangeError(2)')",
    );
    assert.match(traceback, /^RangeError: 2\n[^]*at Cell \d+, line 1, column 20$/);
  });
});

describe("a magic that does not exist", () => {
  const kernel = useKernel({ env: { ...process.env, COTANGENT_TYPES: "off" } });

  it("stops the cell, and says which exist", async () => {
    const cell = await kernel().execute("%matplotlib inline\nglobalThis.ran = 1");
    assert.match(
      cell.traceback,
      /^UsageError: There is no magic %matplotlib \(line 1\)\. These exist: %types, %magics\.$/,
    );
    assert.equal((await kernel().execute("typeof globalThis.ran")).result, "'undefined'");
    assert.match((await kernel().execute("%magics")).stream("stdout"), /^%types /);
  });
});
