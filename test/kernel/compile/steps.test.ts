/** The steps of the compile pipeline, by what they print. */
import assert from "node:assert/strict";

import type { CompileError } from "../../../kernel/src/compile/cell.js";
import { type BindingKind, type CellText } from "../../../kernel/src/compile/cell.js";
import { normaliseDeclarations } from "../../../kernel/src/compile/normalise-declarations.js";
import { wrapObjectLiteral } from "../../../kernel/src/compile/object-literal.js";
import { rewriteImports } from "../../../kernel/src/compile/rewrite-imports.js";
import { stripTypes, UnsupportedSyntaxError } from "../../../kernel/src/compile/strip-types.js";

const cell = (code: string): CellText => ({ code, firstLineShift: 0, declares: new Map() });
const scope = (names: Record<string, BindingKind>) => new Map(Object.entries(names));

describe("stripping types", () => {
  it("blanks them, so that every line and column stays", () => {
    const source = "interface P { x: number }\nconst p: P = { x: 1 } as P;\np satisfies P;";
    const { code } = stripTypes(cell(source));
    assert.equal(code.length, source.length);
    assert.equal(code.indexOf("p", code.indexOf("const")), source.indexOf("p", source.indexOf("const")));
    assert.equal(code.trim().replace(/ +/g, " "), "const p = { x: 1 } ;\np ;");
  });

  it("says where a syntax error is", () => {
    assert.throws(
      () => stripTypes(cell("let x = 1;\n  let y: string = = 2;")),
      (error: CompileError) => error.place?.line === 2 && error.place.column === 19,
    );
  });

  it("knows what is more than types", () => {
    for (const source of [
      "enum A { B }",
      "namespace N { export const a = 1 }",
      "class P { constructor(private x: number) {} }",
    ])
      assert.throws(() => stripTypes(cell(source)), UnsupportedSyntaxError);
  });
});

describe("a cell that starts with a brace", () => {
  it("is an object when it can be one", () => {
    assert.equal(wrapObjectLiteral(cell("{a: 1, b: 2}")).code, "({a: 1, b: 2}\n)");
    assert.equal(wrapObjectLiteral(cell("{a: 1} // note")).code, "({a: 1} // note\n)");
  });

  it("stays a block when it is one", () => {
    for (const source of ["{ let x = 1; x }", "{ f(); }", "{a: 1};"])
      assert.equal(wrapObjectLiteral(cell(source)).code, source);
  });
});

describe("rewriting imports", () => {
  const rewritten: readonly (readonly [string, string])[] = [
    [`import "m"`, `await $import("m",[]);`],
    [`import d from "m"`, `let {default: d} = await $import("m",["default"]);`],
    [`import * as n from "m"`, `let n = await $import("m",[]);`],
    [`import {a, b as c} from "m"`, `let {a, b: c} = await $import("m",["a","b"]);`],
    [`import d, * as n from "m"`, `let n = await $import("m",["default"]), {default: d} = n;`],
    [`import {\n  a,\n} from "m"; a`, `let {a} = await $import("m",["a"]);\n\n a`],
    [
      `import j from "./x.json" with {type: "json"}`,
      `let {default: j} = await $import("./x.json",["default"],{with:{"type":"json"}});`,
    ],
    [`await import("m")`, `await $dynim("m")`],
    [`import.meta.url`, `$importMeta.url`],
    [`export const a = 1`, `       const a = 1`],
    [`export default class K {}`, `               class K {}`],
    [`export default function () {}`, `              (function () {})`],
    [`export { a }`, `            `],
    [`export * from "m"`, `await $import("m",[]);`],
  ];
  for (const [source, expected] of rewritten)
    it(`turns ${JSON.stringify(source)} into ${JSON.stringify(expected)}`, () => {
      assert.equal(rewriteImports(cell(source)).code, expected);
    });

  it("does not insist on a capitalised name that this cell never uses: it may be a type", () => {
    assert.equal(
      rewriteImports(cell(`import { Shape, solve } from "m"`)).code,
      `let {Shape, solve} = await $import("m",["solve"]);`,
    );
    assert.equal(
      rewriteImports(cell(`import { Shape } from "m"; new Shape()`)).code,
      `let {Shape} = await $import("m",["Shape"]); new Shape()`,
    );
  });

  it("leaves the words import and export alone in strings and comments", () => {
    const source = `"import x from 'y'" // export const`;
    assert.equal(rewriteImports(cell(source)).code, source);
  });
});

describe("normalising declarations", () => {
  const cases: readonly (readonly [Record<string, BindingKind>, string, string])[] = [
    [{}, "const x = 1", "let   x = 1"],
    [{ x: "lexical" }, "const x = 2", "let   x = 2"],
    [{ x: "lexical" }, "class x {}", "class x {}"],
    [{ x: "lexical" }, "var x = 2", "let x = 2"],
    [{ f: "lexical" }, "function f() {}", "let f=function f() {};void 0"],
    [{ f: "global" }, "function f() {}", "function f() {}"],
    [{ f: "global" }, "let f = 6", ";   f = 6;void 0"],
    [{ f: "global" }, "let f\nf", ";   f=void 0\nf"],
    [{ f: "global" }, "const f = 6;\nf", ";     f = 6;\nf"],
    [{ f: "global" }, "class f {}\nnew f()", ";f=class f {};\nnew f()"],
    [{ f: "global" }, "const {f, g: [h]} = o", "   ;( {f, g: [h]} = o);void 0"],
    [{ i: "lexical" }, "for (var i = 0; i < 3; i++) {}", "for (    i = 0; i < 3; i++) {}"],
    [{ i: "lexical" }, "if (1) { var i = 3 }", "if (1) { ;   i = 3 }"],
    [{ i: "lexical" }, "function g() { var i = 3 }", "function g() { var i = 3 }"],
    [{}, "let a = 1; { const b = 2 }", "let a = 1; { const b = 2 }"],
  ];
  for (const [known, source, expected] of cases)
    it(`turns ${JSON.stringify(source)} into ${JSON.stringify(expected)} where ${JSON.stringify(known)} is known`, () => {
      assert.equal(normaliseDeclarations(cell(source), scope(known)).code, expected);
    });

  it("remembers how each name is bound", () => {
    const { declares } = normaliseDeclarations(
      cell(
        "let a, {b: [c = 1], ...d} = o; function f() {} class K {} var v; for (var w of []) { var x } { function inner() {} }",
      ),
      scope({}),
    );
    assert.deepEqual(Object.fromEntries(declares), {
      a: "lexical",
      c: "lexical",
      d: "lexical",
      f: "global",
      K: "lexical",
      v: "global",
      w: "global",
      x: "global",
      inner: "global",
    });
  });

  it("refuses a name declared twice in one cell, at the second one", () => {
    assert.throws(
      () => normaliseDeclarations(cell("let a = 1;\nlet a = 2"), scope({})),
      (error: CompileError) =>
        /already been declared/.test(error.message) && error.place?.line === 2 && error.place.column === 5,
    );
  });
});
