/** The arrows of the house: who may import whom, as ESLint enforces it. */
import assert from "node:assert/strict";
import { join } from "node:path";

import { ESLint } from "eslint";

import { ROOT } from "../../scripts/setup/paths.mjs";

const RULE = "@typescript-eslint/no-restricted-imports";

/** The line of code that imports `what`; only its type when the text says so. */
const importing = (what: string) =>
  what.startsWith("type ") ? `import type { X } from "${what.slice(5)}";` : `import { X } from "${what}";`;

const allowed = {
  "lib/src/tape": ["./node.js", "../trace/index.js", "some-package"],
  "lib/src/trace": ["./base64.js", "./attention/codec.js"],
  "kernel/src/node": [
    "cotangent/transform",
    "type cotangent/trace",
    "zeromq",
    "node:inspector",
    "../core/kernel.js",
  ],
  "kernel/src/core": ["./message.js", "node:crypto"],
  "kernel/src/compile": ["cotangent/transform", "acorn"],
  "extensions/views/src/attention": ["cotangent/trace", "type cotangent/trace", "d3", "../common/pool.js"],
  "extensions/labextension/src": ["@cotangent/views", "@jupyterlab/rendermime-interfaces", "@lumino/widgets"],
  "test/lib": ["cotangent", "cotangent/trace"],
};

const forbidden = {
  "lib/src/tape": [
    "@cotangent/kernel",
    "@cotangent/views",
    "@cotangent/labextension",
    "cotangent",
    "../../../kernel/src/main.js",
  ],
  "lib/src/trace": ["../tape/tape.js", "some-package", "node:fs", "@cotangent/views"],
  "kernel/src/node": [
    "cotangent",
    "cotangent/trace",
    "cotangent/attention",
    "type cotangent/attention",
    "@cotangent/views",
    "@cotangent/labextension",
    "../../../lib/src/index.js",
  ],
  "kernel/src/core": [
    "zeromq",
    "node:inspector",
    "node:worker_threads",
    "typescript",
    "typescript/unstable/sync",
    "cotangent/transform",
    "@cotangent/views",
  ],
  "kernel/src/compile": [
    "cotangent",
    "cotangent/trace",
    "typescript",
    "zeromq",
    "node:inspector",
    "@cotangent/views",
  ],
  "extensions/views/src/attention": [
    "@cotangent/kernel",
    "@cotangent/labextension",
    "cotangent",
    "cotangent/attention",
    "@jupyterlab/services",
    "@lumino/widgets",
    "../../../../lib/src/trace/index.js",
  ],
  "extensions/labextension/src": [
    "cotangent",
    "cotangent/trace",
    "@cotangent/kernel",
    "../../views/src/index.js",
  ],
};

describe("the arrows of the house", () => {
  // Only this rule, and no types: so that files can be linted that do not exist.
  const eslint = new ESLint({
    cwd: ROOT,
    ruleFilter: ({ ruleId }) => ruleId === RULE,
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });

  async function complaints(folder: string, what: string): Promise<string[]> {
    const filePath = join(ROOT, folder, "made-up.ts");
    const [result] = await eslint.lintText(importing(what), { filePath });
    return result!.messages.map(({ message }) => message);
  }

  for (const [folder, imports] of Object.entries(allowed))
    for (const what of imports)
      it(`let ${folder} import ${what}`, async () => assert.deepEqual(await complaints(folder, what), []));

  for (const [folder, imports] of Object.entries(forbidden))
    for (const what of imports)
      it(`forbid ${folder} to import ${what}`, async () => {
        const found = await complaints(folder, what);
        assert.notEqual(found.length, 0);
        // It says why, not only that.
        for (const message of found) assert.match(message, /[a-z] .*\.$/);
      });
});
