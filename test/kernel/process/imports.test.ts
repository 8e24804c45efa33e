/** Imports of cells: packages of both kinds, files beside the notebook, and the library without an install. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { useKernel } from "../../support/kernel-fixture.js";

describe("imports", () => {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-imports-"));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("node_modules/commonjs/package.json", '{"name":"commonjs","main":"i.js"}');
  write(
    "node_modules/commonjs/i.js",
    "const hidden = { one: 1 }; module.exports = Object.assign({}, hidden, { two: 2 });",
  );
  write("node_modules/esm/package.json", '{"name":"esm","type":"module","exports":"./i.js"}');
  write("node_modules/esm/i.js", "export default 'default'; export const named = 'named';");
  write("plain.mjs", "export const value = 1;");
  write(
    "typed.ts",
    "import type { X } from './x';\nexport enum Colour { Red = 7 }\nexport const twice = (n: number): number => 2 * n;",
  );
  write("folder/index.ts", "import { twice } from '../typed.js';\nexport const four: number = twice(2);");
  write("uses-library.ts", 'export { ATTENTION_MIME } from "cotangent/trace";');
  write("data.json", '{"answer": 42}');
  const kernel = useKernel({ cwd: folder });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cases: readonly (readonly [string, string, string])[] = [
    ["a builtin", 'import { sep } from "node:path"; sep.length', "1"],
    ["an ESM package", 'import d, { named } from "esm"; d + named', "'defaultnamed'"],
    ["a CommonJS package", 'import c from "commonjs"; c.two', "2"],
    [
      "names of a CommonJS package that Node cannot see from outside",
      'import { one, two } from "commonjs"; one + two',
      "3",
    ],
    ["a JavaScript file", 'import { value } from "./plain.mjs"; value', "1"],
    [
      "a TypeScript file, with an enum in it",
      'import { Colour, twice } from "./typed.ts"; twice(Colour.Red)',
      "14",
    ],
    ["a TypeScript file without its ending", 'import { twice } from "./typed"; twice(4)', "8"],
    ["a folder", 'import { four } from "./folder"; four', "4"],
    ["JSON", 'import data from "./data.json" with { type: "json" }; data.answer', "42"],
    ["something dynamically", '(await import("esm")).named', "'named'"],
    [
      "the library, which is not installed here",
      'import { ATTENTION_MIME } from "cotangent/trace"; ATTENTION_MIME',
      "'application/vnd.cotangent.attention.v1+json'",
    ],
    [
      "a file that imports the library",
      'import * as u from "./uses-library.ts"; Object.keys(u)',
      "[ 'ATTENTION_MIME' ]",
    ],
    [
      "a type by name, without saying so",
      'import { AttentionTrace, ATTENTION_VERSION } from "cotangent/trace"; ATTENTION_VERSION',
      "'1.2'",
    ],
  ];
  for (const [what, code, expected] of cases)
    it(`can bring ${what}`, async () => {
      const cell = await kernel().execute(code);
      assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
      assert.equal(cell.result, expected);
    });

  it("see a file again after it was changed", async () => {
    write("changing.ts", "export const version = 1;");
    await kernel().execute('import { version } from "./changing.ts"');
    write("changing.ts", "export const version = 2;");
    utimesSync(join(folder, "changing.ts"), new Date(), new Date(Date.now() + 5000));
    assert.equal((await kernel().execute('import { version } from "./changing.ts"; version')).result, "2");
  });

  it("of a package that is not there say how to get it", async () => {
    const { traceback } = await kernel().execute('import x from "not-installed"');
    assert.match(
      traceback,
      /There is no package "not-installed" for this notebook\..*npm install not-installed/,
    );
  });

  it("of a file or a name that is not there say which", async () => {
    assert.match(
      (await kernel().execute('import x from "./nowhere.ts"')).traceback,
      /no module "\.\/nowhere\.ts"/,
    );
    assert.match(
      (await kernel().execute('import { nope } from "esm"')).traceback,
      /"esm" has no export named "nope"/,
    );
  });
});
