/** The packages as npm would pack them: what a user gets, and nothing that only we need. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

const pack = (workspace: string): Packed =>
  (
    JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", `--workspace=${workspace}`], {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ) as Packed[]
  )[0]!;

const LICENCE = readFileSync(join(ROOT, "LICENSE"), "utf8");

describe("a published package", function () {
  this.timeout(60_000);

  for (const [workspace, needed] of [
    ["lib", ["dist/index.js", "dist/index.d.ts", "schema/attention.v1.schema.json"]],
    [
      "kernel",
      ["dist/command.js", "dist/node/main.js", "kernelspec/logo-svg.svg", "types/globals.d.ts", "README.md"],
    ],
  ] as const)
    it(`of ${workspace} has what it runs on, the licence, and none of the sources`, () => {
      const files = pack(workspace).files.map(({ path }) => path);
      for (const file of [...needed, "LICENSE", "package.json"])
        assert.ok(files.includes(file), `${file} is missing`);
      assert.deepEqual(
        files.filter((path) => /^(src|test)\/|\.tsbuildinfo$/.test(path)),
        [],
      );
      assert.equal(readFileSync(join(ROOT, workspace, "LICENSE"), "utf8"), LICENCE);
    });
});
