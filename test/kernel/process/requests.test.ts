/** The small print of requests: expressions of the client's, silence, clearing, history, messages that come twice. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KernelClient } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

describe("execute_request", () => {
  const kernel = useKernel();

  it("answers the client's expressions, each for itself, when the cell is done", async () => {
    const cell = await kernel().execute("const x = 20", {
      user_expressions: {
        sum: "x + 1",
        none: "undefined",
        wrong: "nowhere",
        broken: "1 +",
        odd: 5,
        later: "Promise.resolve(x)",
      },
    });
    assert.equal(cell.status, "ok");
    const { sum, none, wrong, broken, odd } = cell.reply.content.user_expressions;
    assert.deepEqual(sum, { status: "ok", data: { "text/plain": "21" }, metadata: {} });
    assert.deepEqual(none.data, { "text/plain": "undefined" });
    assert.deepEqual([wrong.status, wrong.ename], ["error", "ReferenceError"]);
    assert.deepEqual([broken.status, broken.ename], ["error", "SyntaxError"]);
    assert.equal(odd.status, "error");
    assert.deepEqual(
      cell.types,
      ["status:busy", "execute_input", "status:idle"],
      "the expressions publish nothing",
    );
  });

  it("answers no expression when the cell failed", async () => {
    const cell = await kernel().execute("throw new Error('no')", { user_expressions: { a: "1" } });
    assert.equal(cell.status, "error");
    assert.equal(cell.reply.content.user_expressions, undefined);
  });

  it("that is silent runs, publishes no input, no result and no error, and is not counted", async () => {
    const before = (await kernel().execute("1")).reply.content.execution_count;
    const quiet = await kernel().execute("globalThis.quiet = 5; 5", { silent: true });
    assert.deepEqual(quiet.types, ["status:busy", "status:idle"]);
    assert.equal(quiet.reply.content.execution_count, before);
    const failed = await kernel().execute("throw new Error('quietly')", { silent: true });
    assert.deepEqual(failed.types, ["status:busy", "status:idle"]);
    assert.equal(failed.reply.content.ename, "Error");
    const next = await kernel().execute("(globalThis as any).quiet");
    assert.deepEqual([next.result, next.reply.content.execution_count], ["5", before + 1]);
  });

  it("that is not to be stored is not counted", async () => {
    const before = (await kernel().execute("1")).reply.content.execution_count;
    const cell = await kernel().execute("2", { store_history: false });
    assert.deepEqual([cell.result, cell.reply.content.execution_count], ["2", before]);
  });

  it("may clear what it has shown, in order with what it prints", async () => {
    const cell = await kernel().execute(
      "console.log('one'); jupyter.clearOutput({ wait: true }); console.log('two'); jupyter.clearOutput()",
    );
    const outputs = cell.outputs.filter(({ type }) => !["status", "execute_input"].includes(type));
    assert.deepEqual(
      outputs.map(({ content }) => content.text ?? content.wait),
      ["one\n", true, "two\n", false],
    );
  });

  it("that comes a second time, recorded and sent again, does nothing", async () => {
    await kernel().execute("globalThis.runs = 0");
    const frames = kernel().frames("execute_request", { code: "(globalThis as any).runs += 1" });
    for (let times = 0; times < 3; times++) await kernel().shell.send(frames as Buffer[]);
    await kernel().control.send(frames as Buffer[]);
    assert.equal((await kernel().execute("(globalThis as any).runs")).result, "1");
  });
});

describe("connect_request", () => {
  const kernel = useKernel();

  it("says where the sockets are, as the connection file did", async () => {
    const { content } = await kernel().request("connect_request", {});
    const names = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"];
    assert.deepEqual(Object.keys(content).sort(), [...names, "status"].sort());
    for (const name of names) assert.ok(content[name] > 0);
  });
});

describe("a message id", () => {
  const kernel = useKernel();

  it("may come twice with different messages, as jupyter_client's manager and client send them", async () => {
    const first = kernel().frames("kernel_info_request", {}, [], "same");
    await kernel().control.send(first as Buffer[]);
    await kernel().reply("same");
    await kernel().shell.send(kernel().frames("execute_request", { code: "'ran'" }, [], "same") as Buffer[]);
    await kernel().find(({ type, parent }) => type === "execute_reply" && parent === "same");
  });
});

describe("history_request", () => {
  it("knows the cells of kernels before, except what was silent or not to be stored", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cotangent-history-"));
    const env = { COTANGENT_HISTORY: join(folder, "history.jsonl") };
    const ask = async (kernel: KernelClient, content: Record<string, unknown>) =>
      (await kernel.request("history_request", { output: false, raw: true, ...content })).content.history;
    try {
      const first = await KernelClient.start({ env });
      await first.execute("let remembered = 1");
      await first.execute("let hidden = 1", { silent: true });
      await first.execute("let unstored = 1", { store_history: false });
      await first.stop();
      const second = await KernelClient.start({ env });
      await second.execute("40 + 2");
      const tail = await ask(second, { hist_access_type: "tail", n: 10 });
      assert.deepEqual(
        tail.map((entry: unknown[]) => entry.slice(1)),
        [
          [1, "let remembered = 1"],
          [1, "40 + 2"],
        ],
      );
      assert.ok(tail[0][0] < tail[1][0], "a later session has a larger number");
      const own = await ask(second, {
        hist_access_type: "range",
        session: 0,
        start: 1,
        stop: 2,
        output: true,
      });
      assert.deepEqual(own[0].slice(1), [1, ["40 + 2", "42"]]);
      const found = await ask(second, { hist_access_type: "search", pattern: "let*", n: 5, unique: true });
      assert.deepEqual(found[0].slice(1), [1, "let remembered = 1"]);
      assert.deepEqual(await ask(second, { hist_access_type: "by smell" }), []);
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
