/** Cells in a real kernel process: declarations, await, values, output. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

describe("cells", () => {
  const kernel = useKernel();

  /** Run cells in order; each must give the plain text beside it (undefined: no result). */
  const gives =
    (...cells: readonly (readonly [string, string | undefined])[]) =>
    async () => {
      for (const [code, expected] of cells) {
        const cell = await kernel().execute(code);
        assert.equal(cell.status, "ok", `${code}\n${cell.status === "ok" ? "" : cell.traceback}`);
        assert.equal(cell.result, expected, code);
      }
    };

  it("are TypeScript", gives(["interface P { x: number }\nconst p: P = { x: 20 };\np!.x + 1", "21"]));
  it(
    "share what they declare",
    gives(["let shared = [1, 2]", undefined], ["shared.push(3); shared", "[ 1, 2, 3 ]"]),
  );
  it("may redeclare a name in every way", async () => {
    const ways = [
      "let n = 1",
      "const n = 2",
      "var n = 3",
      "class n { static v = 4 }",
      "function n() { return 5 }",
      "let {n} = {n: 6}",
    ];
    for (const first of ways)
      for (const second of ways) {
        await gives([first, undefined], [second, undefined])();
        const value = await kernel().execute('typeof n === "function" ? ((n as any).v ?? (n as any)()) : n');
        assert.equal(value.result, String(1 + ways.indexOf(second)), `${first} then ${second}`);
      }
  });
  it("may declare again what failed to initialise", async () => {
    assert.equal((await kernel().execute("const bad = (() => { throw new Error('no') })()")).status, "error");
    await gives(["function bad() { return 1 }\nbad()", "1"])();
  });
  it(
    "let old closures see a new value",
    gives(["let k = 1; const read = () => k", undefined], ["let k = 2; read()", "2"]),
  );
  it(
    "may await",
    gives(["const later = await new Promise<number>((r) => setTimeout(() => r(42), 1)); later", "42"]),
  );
  it(
    "show their last expression",
    gives(
      ["1; 2", "2"],
      ["let q = 9", undefined],
      ["undefined", undefined],
      ["null", "null"],
      ["'text'", "'text'"],
      ["10n ** 20n", "100000000000000000000n"],
      ["-0", "-0"],
    ),
  );
  it("that are an object literal show the object", gives(["{a: 1}", "{ a: 1 }"], ["{}", "{}"]));
  it(
    "that are empty or only comments are fine",
    gives(["", undefined], ["  \n", undefined], ["// nothing", undefined]),
  );
  it(
    "can require, and know where they are",
    gives(['typeof require("node:fs").readFileSync', "'function'"], ["__dirname === process.cwd()", "true"]),
  );

  it("show promises and timers as Node does, without the kernel's bookkeeping", async () => {
    const nested = await kernel().execute("Promise.resolve([Promise.resolve(1)])");
    assert.equal(nested.result, "Promise { [ Promise { 1 } ] }");
    const cell = await kernel().execute("console.log([Promise.resolve(2)]); setTimeout(() => {}, 0)");
    assert.equal(cell.stream("stdout"), "[ Promise { 2 } ]\n");
    assert.doesNotMatch(cell.result!, /kResourceStore|AbortController/);
  });

  it("print in order, and idle comes last", async () => {
    const cell = await kernel().execute(
      'console.log("a"); console.error("b"); console.log("c"); display("d"); console.log("e")',
    );
    assert.deepEqual(cell.types, [
      "status:busy",
      "execute_input",
      "stream",
      "stream",
      "stream",
      "display_data",
      "stream",
      "status:idle",
    ]);
  });

  it("lose none of 10,000 lines, in order, before idle", async () => {
    const cell = await kernel().execute("for (let i = 0; i < 10000; i++) console.log(`line ${i}`)");
    assert.equal(cell.stream("stdout"), Array.from({ length: 10000 }, (_, i) => `line ${i}\n`).join(""));
    assert.equal(cell.types.at(-1), "status:idle");
    assert.ok(cell.outputs.length < 200, `${cell.outputs.length} messages would flood a server`);
  });

  it("print bytes that end in the middle of a character", async () => {
    const cell = await kernel().execute(
      "const b = Buffer.from('é'); process.stdout.write(b.subarray(0, 1)); process.stdout.write(b.subarray(1)); undefined",
    );
    assert.equal(cell.stream("stdout"), "é");
  });

  it("survive process.exit, a late throw and an unhandled rejection, and say so", async () => {
    const exit = await kernel().execute("let kept = 1; process.exit(3)");
    assert.match(exit.stream("stderr"), /process\.exit\(3\) was called/);
    const late = await kernel().execute(
      "setTimeout(() => { throw new Error('late') }, 1); await new Promise((r) => setTimeout(r, 20))",
    );
    assert.match(late.stream("stderr"), /late/);
    const rejection = await kernel().execute(
      "void Promise.reject(new Error('nobody waits')); await new Promise((r) => setTimeout(r, 5))",
    );
    assert.match(rejection.stream("stderr"), /nobody waits/);
    await gives(["kept", "1"])();
  });
});

describe("displays", () => {
  const kernel = useKernel();

  it("honour Symbol.for('Jupyter.display'), also when it is asynchronous", async () => {
    for (const modifier of ["", "async "]) {
      const cell = await kernel().execute(
        `({ ${modifier}[Symbol.for("Jupyter.display")]() { return { "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2]) } } })`,
      );
      const { data } = cell.outputs.find(({ type }) => type === "execute_result")!.content;
      assert.equal(data["text/html"], "<b>x</b>");
      assert.equal(data["image/png"], "AQI=");
      assert.equal(typeof data["text/plain"], "string");
    }
  });

  it("show the value as text when its display method throws, and say what was thrown", async () => {
    const cell = await kernel().execute(
      '({ a: 1, [Symbol.for("Jupyter.display")]() { throw new Error("cannot draw") } })',
    );
    assert.equal(cell.status, "ok");
    assert.match(cell.result!, /a: 1/);
    assert.match(cell.stream("stderr"), /cannot draw/);
  });

  it("can be updated by their handle", async () => {
    const cell = await kernel().execute("const handle = display('one'); await handle.update('two')");
    const [shown, updated] = cell.outputs.filter(({ type }) => /display_data$/.test(type));
    assert.equal(shown!.type, "display_data");
    assert.equal(updated!.type, "update_display_data");
    assert.equal(shown!.content.transient.display_id, updated!.content.transient.display_id);
    assert.equal(cell.result, undefined);
  });

  it("that never finish are left behind by an interrupt", async () => {
    const id = await kernel().send("execute_request", {
      code: 'display({ async [Symbol.for("Jupyter.display")]() { console.log("on"); await new Promise(() => {}); } })',
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().cell(id)).reply.content.ename, "Interrupted");
    const next = await kernel().execute("display('after'); 6");
    assert.ok(next.types.includes("display_data"));
    assert.equal(next.result, "6");
  });

  it("of an error show its message and the user's frames", async () => {
    assert.equal(
      (await kernel().execute("new RangeError('as a value')")).result,
      "RangeError: as a value\n    at Cell 7, line 1, column 1",
    );
  });

  it("take a raw bundle", async () => {
    const cell = await kernel().execute('display({ "text/markdown": "# hi" }, { raw: true })');
    assert.equal(
      cell.outputs.find(({ type }) => type === "display_data")!.content.data["text/markdown"],
      "# hi",
    );
  });

  it("report what JSON cannot say, in the cell", async () => {
    const cell = await kernel().execute('display({ "application/json": { big: 1n } }, { raw: true }); 1');
    assert.equal(cell.status, "error");
    assert.match(cell.traceback, /BigInt/);
  });
});
