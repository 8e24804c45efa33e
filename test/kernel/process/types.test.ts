/** Types in a real kernel: what stops a cell, what is printed, and how to say otherwise. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { enginePid, untilGone } from "../../support/engine-process.js";
import { KernelClient } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

describe("types", () => {
  const kernel = useKernel();
  const run = (code: string) => kernel().execute(code);

  it("stop a wrong cell before it runs, and say why in its own lines", async () => {
    await run("let count: number = 1");
    const cell = await run('console.log("ran");\ncount = "two"');
    assert.equal(cell.status, "error");
    assert.equal(cell.stream("stdout"), "");
    assert.equal(cell.reply.content.ename, "TypeScriptError");
    assert.match(
      cell.reply.content.evalue,
      /^TS2322: Type 'string' is not assignable to type 'number'\. \(Cell \d+, line 2\)$/,
    );
    assert.match(
      cell.traceback,
      /^Cell \d+:2:1 - error TS2322: .*\n\n2 count = "two"\n {2}~~~~~\n\nFound 1 type error; the cell did not run\.$/,
    );
    assert.equal((await run("count")).result, "1");
  });

  it("follow a name through every redeclaration", async () => {
    await run("const chameleon = 1");
    assert.equal((await run("const chameleon = 'text'; chameleon.length")).result, "4");
    assert.equal((await run("chameleon.toUpperCase()")).result, "'TEXT'");
    assert.match((await run("chameleon.toFixed()")).reply.content.evalue, /^TS2551/);
  });

  it("of a cell that failed while it ran are still there", async () => {
    await run("let half = 1; throw new Error('midway')");
    assert.equal((await run("half + 1")).result, "2");
  });

  it("add nothing when the cell did not pass", async () => {
    await run("const ghost = 1; const wrong: string = ghost");
    assert.match((await run("ghost")).reply.content.evalue, /^TS2304: Cannot find name 'ghost'/);
  });

  it("may be only a warning, or off, by a line magic", async () => {
    const warned = await run("%types warn\nlet loud: number = 'text'; loud");
    assert.equal(warned.result, "'text'");
    assert.match(warned.stream("stderr"), /Cell \d+.*2.*5.*warning.*TS2322/);
    const off = await run("%types off\nlet quiet: number = 'text'; quiet");
    assert.equal(off.result, "'text'");
    assert.equal(off.stream("stderr"), "");
    assert.match((await run("%types")).stream("stdout"), /^Type checks: off \(types are not checked\)/);
    assert.match((await run("%types loud")).reply.content.evalue, /^"loud" is no level/);
    assert.equal((await run("%types error")).status, "ok");
    // What was declared while the checks were off has its type.
    assert.match((await run("quiet.foo")).reply.content.evalue, /on type 'number'/);
  });

  it("of Node, of the kernel's own names and of the library are there without an install", async () => {
    assert.equal((await run("import { join } from 'node:path'; join('a', 'b').length")).result, "3");
    assert.equal((await run("import { solve } from 'cotangent'; typeof solve")).result, "'function'");
    assert.match((await run("display()")).reply.content.evalue, /^TS2554/);
  });

  it("leave it to the runtime to say which package is missing", async () => {
    assert.match(
      (await run("import x from 'not-installed-here'")).traceback,
      /npm install not-installed-here/,
    );
  });

  it("come back when the engine's process is killed", async () => {
    const engine = enginePid(kernel());
    process.kill(engine, "SIGKILL");
    assert.match((await run("count.foo")).reply.content.evalue, /^TS2339/);
    assert.notEqual(enginePid(kernel()), engine);
  });

  it("let an interrupt end a cell whose check does not come to an end", async () => {
    const engine = enginePid(kernel());
    process.kill(engine, "SIGSTOP");
    try {
      const id = await kernel().send("execute_request", { code: "console.log('never')" });
      await kernel().find(({ type, parent }) => type === "execute_input" && parent === id);
      await kernel().request("interrupt_request", {}, "control");
      const cell = await kernel().cell(id);
      assert.equal(cell.reply.content.ename, "Interrupted");
      assert.equal(cell.stream("stdout"), "");
    } finally {
      process.kill(engine, "SIGCONT");
    }
    assert.match((await run("count.foo")).reply.content.evalue, /^TS2339/);
  });

  it("are those of the TypeScript that kernel_info names", async () => {
    const { content } = await kernel().request("kernel_info_request", {});
    assert.match(content.language_info.version, /^7\.\d+\.\d+/);
  });

  it("go when the kernel is killed, engine and all", async () => {
    const other = await KernelClient.start();
    await other.execute("1");
    const { execSync } = await import("node:child_process");
    const engine = Number(execSync(`ps -o pid= --ppid ${other.process.pid}`).toString());
    await other.stop();
    // Its pipe is closed with the kernel; it ends when it reads that.
    await new Promise<void>((gone) => {
      const look = () => {
        try {
          process.kill(engine, 0);
          setImmediate(look);
        } catch {
          gone();
        }
      };
      look();
    });
  });
});

describe("the type engine's process", () => {
  for (const [state, signal] of [
    ["idle", null],
    // As deaf as one that is deep in a check.
    ["busy for ever", "SIGSTOP"],
  ] as const)
    it(`ends with a kernel that is killed, also when it is ${state}`, async () => {
      const kernel = await KernelClient.start();
      try {
        await kernel.execute("let x: number = 1");
        const engine = enginePid(kernel);
        if (signal !== null) process.kill(engine, signal);
        kernel.process.kill("SIGKILL");
        await untilGone(engine);
      } finally {
        await kernel.stop();
      }
    });
});

describe("the level of type checks", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cotangent-level-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const levelOf = async (env: NodeJS.ProcessEnv) => {
    const kernel = await KernelClient.start({ cwd: folder, env });
    try {
      return (await kernel.execute("%types")).stream("stdout").replace(/^.*: (\w+) [^]*/, "$1") + kernel.log;
    } finally {
      await kernel.stop();
    }
  };

  it("is set by COTANGENT_TYPES, where it is a level", async () => {
    assert.equal(await levelOf({ COTANGENT_TYPES: "warn" }), "warn");
    assert.match(await levelOf({ COTANGENT_TYPES: "loud" }), /^error.*COTANGENT_TYPES is "loud"/);
  });

  it("is set by the notebook's own metadata, which come first", async () => {
    const notebook = { metadata: { cotangent: { types: "off" } }, cells: [], nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(folder, "a.ipynb"), JSON.stringify(notebook));
    const env = { COTANGENT_TYPES: "warn" };
    assert.equal(await levelOf({ ...env, JPY_SESSION_NAME: join(folder, "a.ipynb") }), "off");
    assert.equal(await levelOf({ ...env, JPY_SESSION_NAME: join(folder, "gone.ipynb") }), "warn");
  });

  it("is not strict in notebooks that were made for tslab, until they say otherwise", async () => {
    const levels: string[] = [];
    for (const metadata of [
      { kernelspec: { name: "tslab" } },
      { kernelspec: { name: "jslab" } },
      { kernelspec: { name: "tslab" }, cotangent: { types: "error" } },
    ]) {
      writeFileSync(
        join(folder, "a.ipynb"),
        JSON.stringify({ metadata, cells: [], nbformat: 4, nbformat_minor: 5 }),
      );
      levels.push(await levelOf({ JPY_SESSION_NAME: join(folder, "a.ipynb") }));
    }
    assert.deepEqual(levels, ["warn", "off", "error"]);
  });
});
