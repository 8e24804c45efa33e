/** Cells that say "use ad", compiled: what they show, where their places are. */
import assert from "node:assert/strict";

import { Compiler } from "../../../kernel/src/compile/compiler.js";
import { originalPosition } from "../../../kernel/src/compile/positions.js";

interface Source {
  readonly name: string;
  readonly source: string;
  readonly spans: readonly number[];
}

async function compile(source: string, id = 7) {
  const made = await new Compiler().compile(source, id);
  assert.ok(made.ok);
  return made;
}

/** The value that the cell shows, and what it has told the runtime. */
function run(code: string): { value: unknown; source: Source } {
  const globals = globalThis as unknown as Record<symbol, { sources: Source[] }>;
  // Indirect, as cells are: at the top level. `let` becomes `var`, so that a test may run twice.
  const value: unknown = (0, eval)(code.replace(/^(?:const|let) {0,2}/, "var "));
  return { value, source: globals[Symbol.for("cotangent.runtime")]!.sources.at(-1)! };
}

/** The texts that operations stand for. */
const textsOf = ({ source, spans }: Source): string[] =>
  Array.from({ length: spans.length / 4 }, (_, i) => source.slice(spans[4 * i]!, spans[4 * i + 1]!));

describe("a compiled cell that says use ad", () => {
  it("shows nothing that it was not asked for", async () => {
    const { code } = await compile('function f(x: number) { "use ad"; return x * 2; }');
    assert.equal(run(code).value, undefined);
  });

  it("is untouched without it", async () => {
    const { code } = await compile("function f(x: number) { return x * 2; }");
    assert.equal(code, "function f(x        ) { return x * 2; }\n//# sourceURL=cotangent-cell:7");
  });

  it("names the expressions that the user wrote, types and all", async () => {
    const source = 'function f(x: number) {\n  "use ad";\n  return (x as number) * 2 + Math.exp(x!);\n}';
    const { source: told } = run((await compile(source, 8)).code);
    assert.equal(told.name, "cotangent-cell:8");
    assert.equal(told.source, source);
    assert.deepEqual(textsOf(told), [
      "(x as number) * 2",
      "Math.exp(x!)",
      "(x as number) * 2 + Math.exp(x!)",
    ]);
    assert.deepEqual(told.spans.slice(2, 4), [3, 9]);
  });

  it("names them where the cell had to be emitted, by their line", async () => {
    const source = 'enum E { A }\nfunction f(x: number) {\n  "use ad";\n  return x * x;\n}';
    const { code, positions } = await compile(source, 9);
    const { source: told } = run(code.replace(/\blet {2,}|\bconst (?=\$ad)/g, "var "));
    assert.equal(told.source, source);
    assert.deepEqual(told.spans.slice(2, 4), [4, 9]);
    const row = code.split("\n").findLastIndex((line) => line.includes("return x * x"));
    const column = code.split("\n")[row]!.lastIndexOf("x * x");
    assert.deepEqual(originalPosition(positions, row + 1, column + 1), { line: 4, column: 10 });
  });

  it("knows the places of both bodies", async () => {
    const source = 'const y = 1;\nfunction f(x: number) {\n  "use ad";\n  const z = x * 2;\n  throw z;\n}';
    const { code, positions } = await compile(source, 10);
    const lines = code.split("\n");
    const placeOf = (text: string, row: number) =>
      originalPosition(positions, row + 1, lines[row]!.indexOf(text) + 1);
    assert.deepEqual(placeOf("throw z", 2), { line: 5, column: 3 }, "recorded, on the line of the directive");
    assert.deepEqual(placeOf("throw z", 4), { line: 5, column: 3 }, "plain");
  });

  it("may be a module", async () => {
    const { code } = await compile('/** @module m */\nexport const f = (x) => { "use ad"; return x * 2; };');
    assert.match(code, /\$\.mul\(x, 2, \$s\$\$7\)/);
  });
});
