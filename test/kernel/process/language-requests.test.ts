/** Completion and inspection as clients ask for them. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

/** Code with its cursor as "|", and the cursor's place in code points. */
function at(marked: string): { code: string; cursor_pos: number } {
  const cursor = marked.indexOf("|");
  return {
    code: marked.slice(0, cursor) + marked.slice(cursor + 1),
    cursor_pos: [...marked.slice(0, cursor)].length,
  };
}

describe("completion", () => {
  const kernel = useKernel();
  before(async () => {
    const { status } = await kernel().execute(`
      interface Point { x: number; y: number }
      let point: Point = { x: 1, y: 2 };
      let perhaps: Point | undefined = Math.random() > 2 ? point : undefined;
      function pick(which: "left" | "right", options?: { deep: boolean }) {}
      class Animal { name = "x"; #secret = 1; speak() {} }
      const rex = new Animal(); const größe = 3; const counted = 5;`);
    assert.equal(status, "ok");
  });

  const ask = async (marked: string) => {
    const { content } = await kernel().request("complete_request", at(marked));
    assert.equal(content.status, "ok");
    return content as {
      matches: string[];
      cursor_start: number;
      cursor_end: number;
      metadata: { _jupyter_types_experimental: { text: string; type: string; start: number; end: number }[] };
    };
  };
  const first = async (marked: string, count = 1) => (await ask(marked)).matches.slice(0, count);

  it("lists what a value has, with its kind and the range to replace", async () => {
    const { matches, cursor_start, cursor_end, metadata } = await ask("point.|");
    assert.deepEqual([matches, cursor_start, cursor_end], [["x", "y"], 6, 6]);
    assert.deepEqual(metadata._jupyter_types_experimental[0], {
      text: "x",
      type: "property",
      start: 6,
      end: 6,
    });
    assert.deepEqual(await first("rex.|", 9), ["name", "speak"]);
    assert.deepEqual(await first("counted.toF|"), ["toFixed"]);
  });

  it("asks first, where the value may be undefined", async () => {
    const { matches, cursor_start, cursor_end } = await ask("perhaps.|");
    assert.deepEqual([matches, cursor_start, cursor_end], [["?.x", "?.y"], 7, 8]);
  });

  it("lists the nearest names first: locals, then those of cells, then the platform's", async () => {
    assert.deepEqual(await first("function f(conAlpha: number) { const conBeta = 1; con| }", 2), [
      "conBeta",
      "conAlpha",
    ]);
    assert.deepEqual(await first("coun|"), ["counted"]);
    assert.deepEqual(await first("consol|"), ["console"]);
    assert.deepEqual(await first("disp|", 9).then((all) => all.includes("display")), true);
    assert.deepEqual(await first("let p: Poi|"), ["Point"]);
  });

  it("knows modules, what they export, and the strings that a type allows", async () => {
    assert.ok((await ask('import {} from "node:f|"')).matches.includes("node:fs"));
    assert.ok((await ask('import { readFileS| } from "node:fs"')).matches.includes("readFileSync"));
    assert.deepEqual(await first("pick('|')", 9), ["left", "right"]);
    assert.deepEqual(await first("pick('left', {|})", 9), ["deep"]);
  });

  it("counts in code points", async () => {
    const { matches, cursor_start, cursor_end } = await ask("'😀😀'; größ|");
    assert.deepEqual([matches, cursor_start, cursor_end], [["größe"], 6, 10]);
  });

  it("has nothing to say in comments, in plain strings and of nothing", async () => {
    for (const marked of ["// coun|", '"coun|"', "nothing.|"])
      assert.deepEqual((await ask(marked)).matches, []);
  });

  it("runs no code, and answers whatever the cursor is", async () => {
    await kernel().execute("let touched = 0; const trap = { get inner() { touched++; return { deep: 1 } } }");
    assert.deepEqual(await first("trap.inner.|"), ["deep"]);
    assert.equal((await kernel().execute("touched")).result, "0");
    for (const cursor_pos of [-1, 1e9, 3.5, "x", null]) {
      const { content } = await kernel().request("complete_request", { code: "point.", cursor_pos });
      assert.equal(content.status, "ok");
    }
  });
});

describe("inspection", () => {
  const kernel = useKernel();
  const add = `/** Adds two numbers.
 *
 * @param a the first
 * @param b - the second, {@link Number}
 * @returns their sum
 * @example
 * add(1, 2)
 */
function add(a: number, b = 2): number { return a + b }`;
  before(async () => {
    await kernel()
      .execute(`${add}\n/** How many. */\nconst counted = 5;\ninterface Point { x: number;\n/** Up. */\ny: number }
      class Animal { constructor(legs: number) {} }\nlet point: Point = { x: 1, y: 2 }`);
  });

  const ask = async (marked: string, detail_level = 0) =>
    (await kernel().request("inspect_request", { ...at(marked), detail_level })).content as {
      found: boolean;
      data: Record<string, string>;
    };
  const plain = async (marked: string) => (await ask(marked)).data["text/plain"];

  it("says signature, documentation and tags, plain and as Markdown", async () => {
    const { found, data } = await ask("add|");
    assert.equal(found, true);
    assert.equal(
      data["text/plain"],
      `function add(a: number, b?: number): number

Adds two numbers.

@param a the first
@param b the second, Number
@returns their sum
@example add(1, 2)`,
    );
    assert.equal(
      data["text/markdown"],
      "```typescript\nfunction add(a: number, b?: number): number\n```\n\nAdds two numbers.\n\n*@param* `a` — the first\n\n" +
        "*@param* `b` — the second, Number\n\n*@returns* — their sum\n\n*@example*\n\n```typescript\nadd(1, 2)\n```",
    );
  });

  it("shows the cell's own source text when more is asked for", async () => {
    assert.ok((await ask("add|", 1)).data["text/plain"]!.endsWith(`Source:\n${add}`));
    assert.match(
      (await ask("point|", 1)).data["text/plain"]!,
      /Source:\nlet point: Point = \{ x: 1, y: 2 \}$/,
    );
    assert.match((await ask("const now = 5;\nnow|", 1)).data["text/plain"]!, /Source:\nconst now = 5;$/);
    assert.match((await ask("[1].map|", 1)).data["text/plain"]!, /Source:\nmap<U>\(callbackfn/);
  });

  it("explains variables, types, members and what the platform has", async () => {
    assert.equal(await plain("counted|"), "const counted: 5\n\nHow many.");
    assert.equal(await plain("let p: Point|"), "interface Point { x: number;\n/** Up. */\ny: number }");
    assert.equal(await plain("point.y|"), "y: number\n\nUp.");
    assert.match((await plain("new Animal|"))!, /^class Animal\nnew Animal\(legs: number\): Animal/);
    assert.match((await plain("JSON.stringify|"))!, /^stringify\(value: any/);
    assert.match((await plain("display|"))!, /^const display: DisplayApi\n\nShow a value/);
  });

  it("explains the function whose parentheses hold the cursor", async () => {
    for (const marked of ["add(|)", "add(1, |)", "add(1, |", "add(\n  |\n)"])
      assert.match((await plain(marked))!, /^function add\(/, marked);
    assert.match((await plain("[1].map(|)"))!, /^map<U>/);
    assert.match((await plain("new Animal(|)"))!, /^class Animal/);
  });

  it("finds nothing where nothing is", async () => {
    for (const marked of ["|", "5|", "nothing|", "'text|'"])
      assert.deepEqual((await ask(marked)).found, false, marked);
  });
});
