/** The notebook's folder as the type check sees it: tsconfig.json, packages, files of its own. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Session } from "../../../kernel/src/language/session.js";

describe("the type check in a folder", () => {
  let folder: string;
  let session: Session | undefined;
  let id = 0;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cotangent-project-"))));
  afterEach(() => {
    session?.engine.close();
    session = undefined;
    rmSync(folder, { recursive: true });
  });

  function write(path: string, content: unknown): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  let trouble: string | null;
  function open(): void {
    session = new Session(folder, { onStart: () => {} });
    trouble = session.open();
  }
  function errors(source: string): string[] {
    if (session === undefined) open();
    const cell = { id: ++id, source };
    const { diagnostics } = session!.check(cell);
    if (diagnostics.length === 0) session!.accept(cell);
    return diagnostics.map(({ code, message }) => `${code} ${message}`);
  }
  const codes = (source: string) => errors(source).map((error) => Number.parseInt(error));

  it("without a tsconfig.json is strict and does not nag", () => {
    assert.deepEqual(codes("const maybe = [1].find((x) => x > 1); maybe.toFixed()"), [18048]);
    assert.deepEqual(codes("function f(x) { return x }; class A { late: string }; f(new A())"), []);
    assert.deepEqual(codes("try { [] } catch (e) { e.message }"), []);
  });

  it("honours tsconfig.json, with comments and extends", () => {
    write("base/tsconfig.json", {
      compilerOptions: { noUncheckedIndexedAccess: true, paths: { "#short": ["../src/long.ts"] } },
    });
    write("src/long.ts", "export const answer: number = 42;");
    write(
      "tsconfig.json",
      '{\n  // strict, and more\n  "extends": "./base/tsconfig.json",\n  "compilerOptions": { "strict": true, "lib": ["es2023"], },\n}',
    );
    open();
    assert.equal(trouble, null);
    assert.deepEqual(codes("const xs = [1]; xs[0].toFixed()"), [2532]);
    assert.deepEqual(codes("(x) => x"), [7006]);
    assert.deepEqual(codes('import { answer } from "#short"; answer.length'), [2339]);
    assert.deepEqual(codes("document.title"), [2584]);
    assert.deepEqual(codes("process.cwd() + Buffer.from('a')"), []);
  });

  it("lets no build's options stand in the way of cells", () => {
    write("tsconfig.json", {
      compilerOptions: {
        module: "commonjs",
        moduleResolution: "node16",
        composite: true,
        isolatedModules: true,
        verbatimModuleSyntax: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        rootDir: "src",
        outDir: "out",
        erasableSyntaxOnly: true,
        types: [],
        strict: false,
      },
      include: ["src"],
      references: [{ path: "./elsewhere" }],
    });
    open();
    assert.deepEqual(
      errors(
        'import { join } from "node:path"; enum E { A }; const unused = 1; let s: string = null; await fetch(join("a", s))',
      ),
      [],
    );
    assert.deepEqual(codes("let n: number = 'a'"), [2322]);
  });

  it("says what is wrong with a broken tsconfig.json, and goes on", () => {
    for (const broken of [
      "{ not json",
      '{ "compilerOptions": { "target": "es1" } }',
      '{ "extends": "./gone.json" }',
    ]) {
      write("tsconfig.json", broken);
      open();
      assert.match(trouble ?? "nothing", /^tsconfig\.json: .+/, broken);
      assert.deepEqual(codes("let n: number = 'a'; process.cwd()"), [2322], broken);
      session!.engine.close();
      session = undefined;
    }
  });

  it("reads tsconfig.json again when it has changed", () => {
    write("tsconfig.json", { compilerOptions: { strict: true } });
    assert.deepEqual(codes("let a = 1; (x) => x"), [7006]);
    assert.deepEqual(codes("let kept = 1"), []);
    write("tsconfig.json", { compilerOptions: { strict: false } });
    utimesSync(join(folder, "tsconfig.json"), new Date(), new Date(Date.now() + 5000));
    assert.deepEqual(codes("(x) => x + kept; kept.foo"), [2339]);
  });

  it("finds packages as a modern project does: exports, @types, and none that are not there", () => {
    const module = { type: "module", version: "1.0.0" };
    write("node_modules/modern/package.json", {
      ...module,
      name: "modern",
      exports: { "./deep": { types: "./t/deep.d.ts", default: "./x.js" } },
    });
    write("node_modules/modern/t/deep.d.ts", "export declare const deep: number;");
    write("node_modules/classic/package.json", { name: "classic", version: "1.0.0", main: "index.js" });
    write("node_modules/classic/index.js", "module.exports = {};");
    write("node_modules/@types/classic/package.json", { name: "@types/classic", version: "1.0.0" });
    write("node_modules/@types/classic/index.d.ts", "export declare const old: string;");
    write("node_modules/untyped/package.json", { ...module, name: "untyped", main: "index.js" });
    write("node_modules/untyped/index.js", "export const x = 1;");
    assert.deepEqual(codes('import { deep } from "modern/deep"; deep.length'), [2339]);
    assert.deepEqual(codes('import { old } from "classic"; old.toFixed()'), [2551]);
    assert.deepEqual(codes('import { x, y } from "untyped"; x.anything.at.all + y'), []);
    assert.deepEqual(codes('import gone from "gone"; gone()'), []);
    assert.deepEqual(codes('import { solve } from "cotangent"; solve()'), [2554]);
  });

  it("sees a package that was installed, and a file that was written or changed, meanwhile", () => {
    assert.deepEqual(codes('import { a } from "late"; import { b } from "./own.ts"; a.x + b.x'), []);
    write("node_modules/late/package.json", { name: "late", version: "1.0.0", types: "index.d.ts" });
    write("node_modules/late/index.d.ts", "export declare const a: number;");
    write("own.ts", "export const b = 'text';");
    assert.deepEqual(
      codes('import { a } from "late"; import { b } from "./own.ts"; a.x + b.x'),
      [2339, 2339],
    );
    assert.deepEqual(codes('import { b } from "./own.ts"; b.toFixed()'), [2551]);
    write("own.ts", "export const b = 5;");
    utimesSync(join(folder, "own.ts"), new Date(), new Date(Date.now() + 5000));
    assert.deepEqual(codes('import { b } from "./own.ts"; b.toFixed()'), []);
  });
});
