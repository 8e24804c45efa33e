/** Cells that would take the kernel with them: exits, aborts, signals, prototypes changed under it. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KernelClient } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

describe("a cell that would end the process", () => {
  const kernel = useKernel();
  before(() => kernel().execute("%types off\nlet kept = 41"));

  for (const code of [
    "process.exit(3)",
    "process.reallyExit(3)",
    "process.abort()",
    "process.kill(process.pid)",
    "process.kill(process.pid, 'SIGKILL')",
    "process.kill(0, 'SIGTERM')",
  ])
    it(`by ${code} is stopped, and told that the kernel goes on`, async () => {
      const cell = await kernel().execute(`${code}; globalThis.after = true`);
      assert.equal(cell.reply.content.ename, "ProcessExitError");
      assert.match(cell.stream("stderr"), /was called\. The kernel goes on; restart or shut it down/);
      assert.equal((await kernel().execute("kept + (globalThis.after ? 1 : 0)")).result, "41");
    });

  it("may still look whether a process lives, and signal others", async () => {
    assert.equal((await kernel().execute("process.kill(process.pid, 0)")).result, "true");
  });

  it("by a late error without listeners does not: the kernel keeps its own", async () => {
    await kernel().execute(
      "process.removeAllListeners(); process.removeAllListeners('uncaughtException'); 0",
    );
    await kernel().execute(
      "setTimeout(() => { throw new Error('boom') }); void Promise.reject(new Error('bam'))",
    );
    for (const text of ["boom", "bam"])
      await kernel().find(({ type, content }) => type === "stream" && content.text.includes(text));
    assert.equal((await kernel().execute("kept")).result, "41");
  });
});

describe("a cell that changes what the kernel stands on", () => {
  for (const code of [
    "Object.freeze(Object.prototype)",
    "Object.freeze(Array.prototype); Object.freeze(Function.prototype)",
    "Error.stackTraceLimit = 0",
    "delete globalThis.console; delete globalThis.display; delete globalThis.process",
    "JSON.stringify = () => { throw new Error('no JSON') }",
    "Buffer.prototype.write = () => 0; Buffer.from = () => { throw new Error('no Buffer') }",
    "Atomics.wait = Atomics.store = Atomics.load = () => 0",
    "({ get [Symbol.toStringTag]() { throw new Error('tag') } })",
    "process.chdir('/')",
    "process.stdout.end(); process.stderr.destroy()",
  ])
    it(`(${code}) gets answers as before`, async () => {
      const kernel = await KernelClient.start();
      try {
        await kernel.execute("%types off\nlet kept = 41; const out = process.stdout");
        await kernel.execute(code);
        assert.equal((await kernel.execute("out.write('still here'); kept")).result, "41");
        assert.equal((await kernel.execute("kept + 1")).result, "42");
        assert.equal((await kernel.execute("null.x")).status, "error");
        const id = await kernel.send("execute_request", { code: "out.write('on'); for(;;);" });
        await kernel.find(({ type, parent }) => type === "stream" && parent === id);
        await kernel.request("interrupt_request", {}, "control");
        assert.equal((await kernel.cell(id)).reply.content.ename, "Interrupted");
        await kernel.request("shutdown_request", { restart: false }, "control");
        assert.equal((await kernel.exited).code, 0);
      } finally {
        await kernel.stop();
      }
    });
});

describe("output below process.stdout", () => {
  const kernel = useKernel();
  before(() =>
    kernel().execute(
      "%types off\nimport * as cp from 'node:child_process'; import fs, { writeSync } from 'node:fs'",
    ),
  );

  const prints = {
    "a child that inherits": "cp.spawnSync('echo', ['hi'], { stdio: 'inherit' }).stdout",
    "a shell command that inherits": "cp.execSync('echo hi', { stdio: 'inherit' })",
    "a command that inherits one stream":
      "cp.execFileSync('echo', ['hi'], { stdio: ['ignore', 'inherit', 'pipe'] })",
    "a child that runs on":
      "await new Promise((done) => cp.spawn('echo', ['hi'], { stdio: 'inherit' }).on('close', done)); null",
    "a child with our stream by its number":
      "await new Promise((done) => cp.spawn('echo', ['hi'], { stdio: [0, 1, 2] }).on('close', done)); null",
    writeSync: "writeSync(1, 'hi\\n'); null",
    "fs.write": "await new Promise((done) => fs.write(1, Buffer.from('-hi\\n'), 1, 3, null, done)); null",
  };
  for (const [what, code] of Object.entries(prints))
    it(`of ${what} is in the notebook`, async () => {
      const cell = await kernel().execute(code);
      assert.equal(cell.stream("stdout"), "hi\n", cell.stream("stderr"));
      assert.equal(cell.result, "null");
    });

  it("of a command that fails is there too, and the error is Node's", async () => {
    const cell = await kernel().execute("cp.execSync('echo hi; echo no >&2; exit 3', { stdio: 'inherit' })");
    assert.equal(cell.stream("stdout"), "hi\n");
    assert.equal(cell.stream("stderr"), "no\n");
    assert.match(cell.reply.content.evalue, /Command failed: echo hi/);
  });
});

describe("the kernel's end", () => {
  it("comes also while a child is waited for, and while output waits for room", async () => {
    for (const code of [
      "console.log('on'); require('node:child_process').execSync('sleep 3')",
      "console.log('on'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
      "for (;;) console.log('on')",
    ]) {
      const kernel = await KernelClient.start();
      try {
        await kernel.send("execute_request", { code: `%types off\n${code}` });
        await kernel.find(({ type }) => type === "stream");
        await kernel.request("shutdown_request", { restart: false }, "control");
        await kernel.exited;
      } finally {
        await kernel.stop();
      }
    }
  });

  it("runs the exit handlers of the user's code", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cotangent-exit-"));
    const kernel = await KernelClient.start({ cwd: folder });
    try {
      await kernel.execute(
        "%types off\nconst fs = require('node:fs'); process.on('exit', () => fs.writeFileSync('left.txt', 'bye'))",
      );
      await kernel.request("shutdown_request", { restart: false }, "control");
      assert.equal((await kernel.exited).code, 0);
      assert.equal(readFileSync(join(folder, "left.txt"), "utf8"), "bye");
    } finally {
      await kernel.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the sockets of the kernel", () => {
  const kernel = useKernel();

  it("are those that the connection file names, on the address that it names, and no others", function () {
    if (process.platform !== "linux") this.skip();
    const file = JSON.parse(readFileSync(kernel().process.spawnargs.at(-1)!, "utf8")) as Record<
      string,
      unknown
    >;
    const proc = `/proc/${kernel().process.pid}`;
    const open = new Set(readdirSync(`${proc}/fd`).map((fd) => linkOf(`${proc}/fd/${fd}`)));
    const LISTENING = "0A";
    const listening = ["tcp", "tcp6"]
      .flatMap((table) => readFileSync(`${proc}/net/${table}`, "utf8").split("\n").slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTENING && open.has(`socket:[${columns[9]}]`))
      .map((columns) => columns[1]);
    const LOOPBACK = "0100007F";
    const named = ["shell", "control", "iopub", "stdin", "hb"].map(
      (name) => `${LOOPBACK}:${Number(file[`${name}_port`]).toString(16).toUpperCase().padStart(4, "0")}`,
    );
    assert.deepEqual(listening.sort(), named.sort());
  });
});

/** Descriptors may close while they are listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
