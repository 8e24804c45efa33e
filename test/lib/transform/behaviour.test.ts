/** Instrumented programs compute what the plain ones do: with numbers, and with recorded numbers. */
import assert from "node:assert/strict";

import { programs } from "./programs.js";
import { evaluate, inputs, primals, program, recording } from "./run.js";

const x = [2, 3.5, 0.75];
const bothWays = (title: string, source: string): void => {
  const asText = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => part === undefined ? "undefined" : part); // prettier-ignore

  it(`with numbers, whether recording or not: ${title}`, () => {
    const { plain, instrumented, runtime } = program(source);
    const expected = plain(...x);
    assert.deepEqual(instrumented(...x), expected);
    assert.deepEqual(
      recording(runtime, () => instrumented(...x)),
      expected,
    );
  });
  it(`with recorded numbers: ${title}`, () => {
    const { plain, instrumented, runtime } = program(source);
    const expected = plain(...x);
    const result = recording(runtime, () => instrumented(...inputs(x)));
    assert.equal(asText(primals(result)), asText(expected));
    const list = Array.isArray(result) ? (result as unknown[]) : [result];
    const wanted = Array.isArray(expected) ? (expected as unknown[]) : [expected];
    for (const [i, value] of list.entries())
      if (typeof wanted[i] === "number") assert.equal(evaluate(value, x), wanted[i]);
  });
};

describe("an instrumented function computes what it did", () => {
  for (const [title, body] of Object.entries(programs))
    bothWays(title, `function main(a, b, c) { "use ad"\n${body}\n}`);
});

describe("a very long expression", () => {
  // Each of its operations once asked anew for the kinds of all before it: a minute's work.
  const terms = Array.from({ length: 1000 }, (_, i) => `a * ${i}`).join(" + ");
  bothWays("a sum of a thousand products", `function main(a) { "use ad"\nreturn ${terms}; }`);
});

describe("a module that says it computes what it did", () => {
  for (const [title, body] of Object.entries(programs))
    bothWays(
      title,
      `"use ad";\nconst main = function (a, b, c) {\n${body}\n};\nlet top = 3; top *= 2; if (top) top++;`,
    );
});

describe("asynchronous functions", () => {
  const source = `const main = async (a, b) => { "use ad"; const f = async (x) => (await x) * 2; async function* g() { yield a; yield* [b, a * b]; } let s = 0; for await (const x of g()) s += x; return s + (await f(a)) };`;
  it("record from their beginning", async () => {
    const { plain, instrumented, runtime } = program(source);
    const result = await recording(runtime, () => {
      const pending = instrumented(...inputs(x));
      return pending;
    });
    assert.equal(primals(result), await plain(...x));
    assert.equal(await instrumented(...x), await plain(...x));
  });
});

describe("a function created while nothing records", () => {
  it("records when it is called while a tape does", () => {
    const { instrumented, runtime } = program(`function main(k) { "use ad"; return (x) => x * k; }`);
    const f = instrumented(3) as (x: unknown) => unknown;
    const [recorded] = inputs([2]);
    assert.equal(evaluate(recording(runtime, () => f(recorded)), [2]), 6); // prettier-ignore
  });
});
