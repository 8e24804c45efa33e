/** Subshells (JEP 91): requests that run while the main shell's cell waits. */
import assert from "node:assert/strict";

import type { KernelClient } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

const create = async (kernel: KernelClient): Promise<string> =>
  (await kernel.request("create_subshell_request", {}, "control")).content.subshell_id;

const list = async (kernel: KernelClient): Promise<string[]> =>
  (await kernel.request("list_subshell_request", {}, "control")).content.subshell_id;

describe("a subshell", () => {
  const kernel = useKernel();

  it("is announced, created, listed and deleted", async () => {
    const { content } = await kernel().request("kernel_info_request", {});
    assert.deepEqual(content.supported_features, ["kernel subshells"]);
    const [one, two] = [await create(kernel()), await create(kernel())];
    assert.deepEqual(await list(kernel()), [one, two]);
    for (const subshell_id of [one, two]) {
      const reply = await kernel().request("delete_subshell_request", { subshell_id }, "control");
      assert.equal(reply.content.status, "ok");
    }
    assert.deepEqual(await list(kernel()), []);
    const again = await kernel().request("delete_subshell_request", { subshell_id: one }, "control");
    assert.equal(again.content.status, "error");
  });

  it("runs a cell, and hands over a comm message, while the main shell's cell waits for them", async () => {
    await kernel().execute(
      `let go = () => {}, said = "", extra = "";
       jupyter.comms.register("late", (comm) => { comm.onMessage = ({ data }) => { said = String(data["text"]); go() } })`,
    );
    const subshell = await create(kernel());
    const waiting = await kernel().send("execute_request", {
      code: "console.log('waiting'); await new Promise<void>((resolve) => (go = resolve)); said + extra",
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === waiting);
    const beside = await kernel().cell(
      await kernel().sendTo(subshell, "execute_request", {
        code: "extra = '!'; console.log('beside'); 6 * 7",
      }),
    );
    assert.equal(beside.result, "42");
    assert.equal(beside.stream("stdout"), "beside\n");
    assert.deepEqual(beside.types, [
      "status:busy",
      "execute_input",
      "stream",
      "execute_result",
      "status:idle",
    ]);
    await kernel().sendTo(subshell, "comm_open", { comm_id: "c", target_name: "late", data: {} });
    await kernel().sendTo(subshell, "comm_msg", { comm_id: "c", data: { text: "hello" } });
    const main = await kernel().cell(waiting);
    assert.equal(main.result, "'hello!'");
    assert.equal(main.stream("stdout"), "waiting\n");
  });

  it("has its own queue: an error aborts what waits behind it there, and nothing elsewhere", async () => {
    const subshell = await create(kernel());
    const main = await kernel().send("execute_request", {
      code: "await new Promise<void>((r) => (go = r)); 'main'",
    });
    await kernel().find(({ type, parent }) => type === "execute_input" && parent === main);
    const behindMain = await kernel().send("execute_request", { code: "'behind main'" });
    const failing = await kernel().sendTo(subshell, "execute_request", {
      code: "await null; throw new Error('here')",
    });
    const behind = await kernel().sendTo(subshell, "execute_request", { code: "'behind'" });
    assert.equal((await kernel().reply(failing)).content.ename, "Error");
    assert.equal((await kernel().reply(behind)).content.status, "aborted");
    await kernel().cell(await kernel().sendTo(subshell, "execute_request", { code: "go()" }));
    assert.equal((await kernel().cell(main)).result, "'main'");
    assert.equal((await kernel().cell(behindMain)).result, "'behind main'");
  });

  it("disturbs no display of the main shell's cell that takes its time", async () => {
    const subshell = await create(kernel());
    const main = await kernel().send("execute_request", {
      code: `const slow = { [Symbol.for("Jupyter.display")]: () => new Promise<object>((r) => (go = () => r({ "text/plain": "slow" }))) };
        console.log("on"); display(slow); display("after it"); 'main'`,
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === main);
    const beside = await kernel().cell(
      await kernel().sendTo(subshell, "execute_request", {
        code: "display('beside'); setTimeout(() => go(), 0); 1",
      }),
    );
    const shown = (outputs: typeof beside.outputs) =>
      outputs.filter(({ type }) => type === "display_data").map(({ content }) => content.data["text/plain"]);
    assert.deepEqual(shown(beside.outputs), ["'beside'"]);
    const { outputs, types } = await kernel().cell(main);
    assert.deepEqual(shown(outputs), ["slow", "'after it'"]);
    assert.equal(types.at(-1), "status:idle");
  });

  it("is stopped with the rest: an interrupt ends what runs on every shell", async () => {
    const subshell = await create(kernel());
    const main = await kernel().send("execute_request", { code: "await new Promise(() => {})" });
    await kernel().find(({ type, parent }) => type === "execute_input" && parent === main);
    const busy = await kernel().sendTo(subshell, "execute_request", {
      code: "console.log('busy'); for (;;);",
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === busy);
    await kernel().request("interrupt_request", {}, "control");
    for (const id of [main, busy]) assert.equal((await kernel().cell(id)).reply.content.ename, "Interrupted");
    assert.equal((await kernel().execute("said")).result, "'hello'");
  });

  it("that is not there answers with an error", async () => {
    const id = await kernel().sendTo("nowhere", "execute_request", { code: "1" });
    const { content } = await kernel().reply(id);
    assert.deepEqual([content.status, content.ename], ["error", "SubshellError"]);
  });
});
