/** What the documents point to is there. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

for (const name of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
  describe(name, () => {
    const text = readFileSync(join(ROOT, name), "utf8");

    it("links to files that are there", () => {
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
      for (const path of links) assert.ok(existsSync(join(ROOT, dirname(name), path)), path);
    });

    it("names files and folders that are there", () => {
      // Of those that git keeps: the others need not be there yet.
      const paths = [
        ...text.matchAll(/`((?:lib|kernel|extensions|notebooks|scripts|test|settings)\/[\w./-]*)`/g),
      ];
      for (const [, path] of paths) assert.ok(existsSync(join(ROOT, path!)), path);
    });

    it("names commands that exist", () => {
      const commands = [...text.matchAll(/npm (?:run (\S+?)|(start|test))\b/g)];
      for (const [, run, direct] of commands) assert.ok(scripts[(run ?? direct)!], run ?? direct);
    });
  });
