/** What the pass prints. */
import assert from "node:assert/strict";

import { instrument } from "../../../lib/src/transform/index.js";
import { withoutUnboxed } from "./run.js";

/** Without the prelude, which has a test of its own. */
const print = (source: string): string => instrument(source, { name: "a.js" })!.code;
const printed = (source: string): string =>
  withoutUnboxed(print(source)).replace(/const \$ad = .* - \d+\); /, "");

describe("the text around", () => {
  it("is not touched where nobody says so", () => {
    const source = `function f(a) { "use strict"; return a * 2 }`;
    assert.equal(instrument(source, { name: "a.js" }), null);
    const word = `const s = "use ad"; const f = (a) => a * 2;`;
    assert.equal(instrument(word, { name: "a.js" }), null);
    const nothing = `function f(a) { "use ad"; return [a]; }`;
    assert.equal(instrument(nothing, { name: "a.js" }), null);
  });

  it("says first what its places are, in a declaration", () => {
    assert.equal(
      withoutUnboxed(print(`const f = (a) => { "use ad"; return a * a; };`)),
      `const $ad = globalThis[Symbol.for("cotangent.runtime")] ??= { recording: 0, sites: 0, sources: [] }, ` +
        `$s = ($ad.sources.push({ name: "a.js", base: $ad.sites, spans: [36,41,1,36], ` +
        `source: "const f = (a) => { \\"use ad\\"; return a * a; };" }), ($ad.sites += 1) - 1); ` +
        `const f = (a) => { "use ad"; if ($ad.recording !== 0) { return ((a) => { const $ = $ad.ops; return $.mul(a, a, $s); })(a); } return a * a; };`,
    );
  });

  it("keeps every line, and the directives at the front", () => {
    const source = `#!/usr/bin/env node\n"use strict"\n"use ad"\nfunction f(a) {\n  // why\n  return a * 2;\n}\n`;
    const code = printed(source);
    assert.equal(
      code,
      `#!/usr/bin/env node\n"use strict"\n;\nfunction f(a) { if ($ad.recording !== 0) { return ((a) => { const $ = $ad.ops; return $.mul(a, 2, $s); })(a); }\n  // why\n  return a * 2;\n}\n`,
    );
  });

  it("gets names that it does not have", () => {
    assert.match(
      instrument(`const $ad = 1, f = (a) => { "use ad"; return $(a) * 2; };`, { name: "a.js" })!.code,
      /const \$\$1 = \$ad\$1\.ops; return \$\$1\.mul\(/,
    );
  });

  it("records at the top level of a module that says so", () => {
    assert.equal(
      printed(`"use ad";\nlet t = x * 2;\nif (t) t;\nconst g = () => 1;`),
      `\nlet t = $ad.recording === 0 ? x * 2 : $ad.ops.mul(x, 2, $s);\n` +
        `if ($ad.recording === 0 ? t : $ad.ops.truthy(t, $s + 1)) t;\nconst g = () => 1;`,
    );
  });

  it("records in defaults and fields, which are evaluated by themselves", () => {
    assert.equal(
      printed(`function f(a, b = a * 2) { "use ad"; return b; }`),
      `function f(a, b = $ad.recording === 0 ? a * 2 : $ad.ops.mul(a, 2, $s)) { "use ad"; return b; }`,
    );
    assert.equal(
      printed(`"use ad"; class K { x = y * 2 }`),
      ` class K { x = $ad.recording === 0 ? y * 2 : $ad.ops.mul(y, 2, $s) }`,
    );
  });
});

describe("a recorded body", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["return a * b + 1;", "return $f1(a, b);"],
    ["return -a / Math.exp(b) ** 2;", "return $f1(a, b);"],
    ["if (a < b && a) a = b", "if ($.lt(a, b, $s) && $.truthy(a, $s + 1)) a = b;"],
    ["let s = 0; for (let i = 0; i < 9; i++) s += a;", "let s = 0; for (let i = 0; i < 9; i++) s = $.add(s, a, $s);"],
    ["const n = 3 * 2, m = n << 1; return m * n + a;", "const n = 3 * 2, m = n << 1; return $.add(m * n, a, $s);"],
    ["for (let i = 0; i < a.length; i++) b += a[i];", "for (let i = 0; i < a.length; i++) b = $.add(b, a[i], $s);"],
    ["return a[b];", "return a[$.index(b, $s)];"],
    ["return a || b;", "let $t1; return ($.truthy($t1 = a, $s) ? $t1 : b);"],
    ["a.x++; return b++;", "let $t1; a.x = $.inc(a.x, $s); return ($t1 = $.numeric(b, $s + 1), b = $.inc($t1, $s + 1), $t1);"],
    ["a().x *= b;", "let $t1; ($t1 = $.fn(a, $s)()).x = $.mul($t1.x, b, $s + 1);"],
    ["const g = (x) => x; return g(a) + b(a);", "const g = (x) => x; return $.add(g(a), $.fn(b, $s)(a), $s + 1);"],
    ["return a === null || a === undefined || typeof a === 'string';", "return a === null || a === undefined || $.typeOf(a, $s) === 'string';"],
    ["return a.sort((x, y) => x - y);", `return $.method(a, "sort", $s + 1, (x, y) => $.sub(x, y, $s));`],
    ["return -a.filter((x) => x > 2);", "return $.neg(a.filter((x) => $.gt(x, 2, $s)), $s + 1);"],
    ["return a.map(Math.sin, b.map(Number));", "return a.map($.fn(Math.sin, $s), b.map($.fn(Number, $s + 1)));"],
    ["return Math.max(...a, b) + Math.pow(...b) + Math.floor(2.5);", "return $f1($.maxOf([...a, b], $s), $.fn(Math.pow, $s + 1)(...b), Math.floor(2.5));"],
    ["return a | 1 | ~b;", `return $.bitOr($.bitOr(a, 1, $s), $.bitNot(b, $s + 1), $s + 2);`],
    ["switch (a) { case 1: return 2 }", "switch ($.primal(a, $s)) { case 1: return 2; }"],
    ["function g(){ return a * 2 } return -g()", "function g(){ return $.mul(a, 2, $s); } return $.neg(g(), $s + 1);"],
  ]; // prettier-ignore
  for (const [source, expected] of cases)
    it(`of ${source}`, () => {
      const code = printed(`function f(a, b) { "use ad"; ${source} }`);
      const body = /const \$ = \$ad\.ops; ([^]*)$/.exec(code)?.[1] ?? "";
      assert.equal(body.slice(0, expected.length), expected);
    });
});
