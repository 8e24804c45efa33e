/** The real emit: what is emitted, what it becomes in a cell, where its places were. */
import assert from "node:assert/strict";

import type { CellText, CompileError } from "../../../kernel/src/compile/cell.js";
import { Compiler } from "../../../kernel/src/compile/compiler.js";
import { originalPosition } from "../../../kernel/src/compile/positions.js";
import { toJavaScript } from "../../../kernel/src/compile/to-javascript.js";

const cell = (code: string): CellText => ({ code, firstLineShift: 0, declares: new Map() });
const emitted = async (code: string) => (await toJavaScript(cell(code), 7, {})).code;

describe("a cell with more than types", () => {
  it("starts an enum anew, and goes on with it in the same cell", async () => {
    const code = await emitted("enum A { B }\nenum A { C = 1 }");
    assert.match(code, /^var A = [^]*\}\)\({} +\);\nvar A = [^]*\}\)\(A \|\| \{\}\);\n$/);
  });

  it("starts a namespace anew", async () => {
    assert.match(await emitted("namespace N { export const a = 1 }"), /^var N = void 0;\n/);
  });

  it("has names of its own for what the emitter makes up", async () => {
    const code = await emitted("@dec class D { @m f() {} }");
    assert.match(code, /_init\$\$7 = __decoratorStart\$\$7\(null\)/);
    assert.doesNotMatch(code, /^var /m);
    assert.doesNotMatch(code, /\b_init\b(?!\$)/);
    assert.match(code, /void 0;$/);
  });

  it("imports JSX under a name of its own", async () => {
    assert.equal(
      await emitted("const x = <b>1</b>"),
      'import { jsx as jsx$$7 } from "react/jsx-runtime";\nconst x = /* @__PURE__ */ jsx$$7("b", { children: "1" });\n',
    );
  });

  it("takes the factory that a comment names", async () => {
    assert.match(await emitted("/** @jsx h */\n<b/>"), /h\("b", null\)/);
    assert.match(await emitted("/** @jsxImportSource preact */\n<b/>"), /from "preact\/jsx-runtime"/);
  });

  it("does not emit what has only types, whatever its words are", async () => {
    for (const source of ["const using: number = 1; using", '"@x"', "const accessor = 1; // @", "1 </c/.x"])
      assert.equal((await toJavaScript(cell(source), 7, {})).lines, undefined, source);
  });

  it("knows where every place came from", async () => {
    const source =
      "enum A { B }\nclass P {\n  constructor(private x: number) { boom(x); }\n}\n@dec class D {\n  f() { boom(1); }\n}";
    const { code, lines } = await toJavaScript(cell(source), 7, {});
    const at = (text: string, from = 0) => {
      const index = code.indexOf(text, from);
      const before = code.slice(0, index);
      return originalPosition(
        { firstLineShift: 0, lines: lines! },
        before.split("\n").length,
        index - before.lastIndexOf("\n"),
      );
    };
    assert.deepEqual(at("boom(x)"), { line: 3, column: 36 });
    assert.deepEqual(at("boom(1)"), { line: 6, column: 9 });
    assert.equal(at("var"), null);
  });

  it("says where a syntax error is", async () => {
    await assert.rejects(
      toJavaScript(cell("enum A { B }\nconst é = ) 2"), 7, {}),
      (error: CompileError) => error.place?.line === 2 && error.place.column === 11,
    );
  });

  it("leaves nothing behind in the compiler for what was made up", async () => {
    const compiler = new Compiler();
    const first = await compiler.compile("@(() => {}) class D {}", 1);
    const again = await compiler.compile("function D() {}", 2);
    assert.ok(first.ok && again.ok);
    assert.match(again.code, /^let D=function D\(\) \{\};void 0/);
  });
});
