/** Every dependency is pinned: the same version tomorrow, and on the next person's machine. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

const PACKAGES = ["", "lib", "kernel", "extensions/views", "extensions/labextension"];
const SECTIONS = ["dependencies", "devDependencies", "optionalDependencies", "overrides"] as const;
const EXACT = /^(npm:[\w@/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

type Manifest = Partial<Record<(typeof SECTIONS)[number], Record<string, string>>> & {
  workspaces?: string[];
};

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");
const manifest = (folder: string) => JSON.parse(read(folder, "package.json")) as Manifest;

describe("dependencies", () => {
  for (const folder of PACKAGES)
    it(`of ${folder || "the house"} are exact versions`, () => {
      for (const section of SECTIONS)
        for (const [name, version] of Object.entries(manifest(folder)[section] ?? {}))
          assert.match(version, EXACT, `${section}: ${name}`);
    });

  it("of all packages are looked at here", () => {
    assert.deepEqual(manifest("").workspaces, PACKAGES.slice(1));
  });

  it("of Python are exact versions, and named once", () => {
    const lines = ["requirements.txt", "constraints.txt"]
      .flatMap((file) => read(file).split("\n"))
      .filter((line) => line && !line.startsWith("#"));
    for (const line of lines) assert.match(line, /^[\w.-]+==\d[\w.]*$/);
    const names = lines.map((line) =>
      line
        .split("==")[0]!
        .toLowerCase()
        .replace(/[-_.]+/g, "-"),
    );
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it("come from the lock file, with a checksum", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { link?: boolean; integrity?: string }>;
    };
    for (const [path, { link, integrity }] of Object.entries(packages))
      if (path.startsWith("node_modules/") && !link) assert.ok(integrity, path);
  });
});
