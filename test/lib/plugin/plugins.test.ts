/** "use ad" outside of notebooks: in Node programs, in what esbuild and Vite make. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { useAd } from "cotangent/esbuild";
import { useAd as useAdInVite } from "cotangent/vite";
import { build } from "esbuild";

import { ROOT } from "../../../scripts/setup/paths.mjs";

const MODEL = `export interface Point { x: number }
export function square(p: Point): number {
  "use ad";
  if (p.x > 100) throw new Error("too far");
  return p.x * p.x;
}
`;
const withoutTypes = MODEL.replace(/^export interface.*$/m, "").replace("p: Point): number", "p)");
const main = (model: string) => `import { grad } from "cotangent";
import { square } from "${model}";
console.log(JSON.stringify(grad(square)({ x: 3 })));
try { square({ x: 101 }) } catch (error) { console.log(/model\\.\\w+:4/.test(error.stack)); }
`;

describe("use ad", function () {
  this.timeout(30_000);
  // Inside the house, so that "cotangent" is found.
  const folder = mkdtempSync(join(ROOT, ".cotangent", "plugins-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["--enable-source-maps", ...args], {
      encoding: "utf8",
      cwd: folder,
    }).trim();
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("works in a Node program by --import cotangent/register, lines kept", () => {
    file("model.mjs", withoutTypes);
    assert.equal(
      run("--import", "cotangent/register", file("main.mjs", main("./model.mjs"))),
      '{"x":6}\ntrue',
    );
  });

  it("works in what esbuild bundles, from TypeScript, lines kept", async () => {
    file("model.ts", MODEL);
    const outfile = join(folder, "bundle.mjs");
    await build({
      entryPoints: [file("entry.mjs", main("./model.ts"))],
      bundle: true,
      format: "esm",
      platform: "node",
      external: ["cotangent"],
      sourcemap: "inline",
      outfile,
      plugins: [useAd()],
    });
    assert.equal(run(outfile), '{"x":6}\ntrue');
  });

  it("works in Vite and Rollup, by the transform that they call", async () => {
    const { transform } = useAdInVite();
    assert.equal(transform("export const x = 1", "/a.js"), null);
    assert.equal(transform(withoutTypes, "/node_modules/a.js"), null);
    const made = transform(withoutTypes, "/src/model.js?v=1")!;
    assert.deepEqual(made.map.sources, ["/src/model.js"]);
    const { square } = (await import(pathToFileURL(file("vite.mjs", made.code)).href)) as {
      square(p: { x: number }): number;
    };
    const { grad } = await import("cotangent");
    assert.deepEqual(grad(square)({ x: 3 }), { x: 6 });
  });
});
