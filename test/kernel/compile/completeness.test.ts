/** Whether a prompt should wait for more. */
import assert from "node:assert/strict";

import { completeness } from "../../../kernel/src/compile/completeness.js";

const complete = [
  "", "1", "a.b\n  .c()", "{a: 1}", "// note", "enum A { B }", "@dec class A {}", "const x = <b/>",
  "<T>(x: T) => x", "let x = <any>y", "type A = { b: number }", "const x = await f()", "using x = f()",
  "#!/usr/bin/env node",
]; // prettier-ignore
const invalid = [
  "let = 3",
  "1 +* 2",
  ")",
  "foo(]",
  '"abc',
  "/abc",
  "let a; let a",
  "return",
  "else",
  "}",
  "var 1a",
];
const incomplete: readonly (readonly [string, string])[] = [
  ["function f() {", "  "],
  ["[1,2,", "  "],
  ["`abc", ""],
  ["`a ${f(", "  "],
  ["if (x)", ""],
  ["if (x) {\n  y(", "    "],
  ["const x =", ""],
  ["type A = {", "  "],
  ["let x: Map<string,", ""],
  ["class A {\n  f() {\n    g();", "    "],
  ["/* abc", ""],
  ["@dec", ""],
  ["@dec class A {", "  "],
  ["a +", ""],
  ["a\n  .", "  "],
  ["{a: 1,", "  "],
  ["f(x =>", "  "],
  ["<div>", ""],
  ["enum A {", "  "],
  ["namespace N {", "  "],
  ["a + // and", ""],
  ["try {\n}", ""],
];

describe("code at a prompt", () => {
  for (const source of complete)
    it(`is complete: ${JSON.stringify(source)}`, async () => {
      assert.deepEqual(await completeness(source), { status: "complete" });
    });
  for (const source of invalid)
    it(`is invalid: ${JSON.stringify(source)}`, async () => {
      assert.deepEqual(await completeness(source), { status: "invalid" });
    });
  for (const [source, indent] of incomplete)
    it(`is incomplete: ${JSON.stringify(source)}`, async () => {
      assert.deepEqual(await completeness(source), { status: "incomplete", indent });
    });
});
