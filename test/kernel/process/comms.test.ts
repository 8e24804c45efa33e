/** Comms with binary buffers, both ways. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

describe("comms", () => {
  const kernel = useKernel();
  const comm = (type: string, content: Record<string, unknown>, buffers: readonly Uint8Array[] = []) =>
    kernel().send(type, content, "shell", buffers);

  before(async () => {
    await kernel().execute(`
      let closed = "";
      jupyter.comms.register("echo", (comm, open) => {
        comm.send({ hello: open.data, buffers: open.buffers.length });
        comm.onMessage = ({ data, buffers }) => {
          console.log("got", data.n);
          comm.send({ n: data.n + 1 }, { buffers: buffers.map((b) => b.slice().reverse()) });
        };
        comm.onClose = ({ data }) => { closed = data.why };
      })`);
  });

  it("opened by a client are answered, message by message, buffers included", async () => {
    await comm("comm_open", { comm_id: "c1", target_name: "echo", data: { from: "test" } }, [
      Buffer.from([7]),
    ]);
    const hello = await kernel().find(({ type, content }) => type === "comm_msg" && content.comm_id === "c1");
    assert.deepEqual(hello.content.data, { hello: { from: "test" }, buffers: 1 });
    const id = await comm("comm_msg", { comm_id: "c1", data: { n: 1 } }, [
      Buffer.from([1, 2, 3]),
      Buffer.from([9]),
    ]);
    const answer = await kernel().find(({ type, parent }) => type === "comm_msg" && parent === id);
    assert.deepEqual(answer.content.data, { n: 2 });
    assert.deepEqual(
      answer.buffers.map((b) => [...b]),
      [[3, 2, 1], [9]],
    );
    await kernel().idle(id);
    const printed = kernel().received.find(({ type, parent }) => type === "stream" && parent === id);
    assert.equal(printed?.content.text, "got 1\n");
    await kernel().idle(await comm("comm_close", { comm_id: "c1", data: { why: "enough" } }));
    assert.equal((await kernel().execute("closed")).result, "'enough'");
  });

  it("can be opened by a cell", async () => {
    const cell = await kernel().execute(
      'const out = jupyter.comms.open("view", { rows: 2 }, { buffers: [new Float32Array([1]).buffer] }); out.send({ k: 1 })',
    );
    const [open, message] = cell.outputs.filter(({ type }) => type.startsWith("comm_"));
    assert.equal(open!.content.target_name, "view");
    assert.equal(open!.buffers[0]!.length, 4);
    assert.deepEqual(message!.content.data, { k: 1 });
    const info = await kernel().request("comm_info_request", {});
    assert.deepEqual(Object.values(info.content.comms), [{ target_name: "view" }]);
    const closing = await kernel().execute("out.close()");
    assert.ok(closing.types.includes("comm_close"));
  });

  it("to a target that nobody registered are closed", async () => {
    await comm("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
    await kernel().find(({ type, content }) => type === "comm_close" && content.comm_id === "c2");
  });

  it("whose handler throws print the error under their own message", async () => {
    await kernel().execute('jupyter.comms.register("bad", () => { throw new Error("in the handler") })');
    const id = await comm("comm_open", { comm_id: "c3", target_name: "bad", data: {} });
    const printed = await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    assert.match(printed.content.text as string, /in the handler/);
  });

  it("can be interrupted in a handler that never ends", async () => {
    await kernel().execute('jupyter.comms.register("loop", () => { console.log("looping"); for(;;); })');
    const id = await comm("comm_open", { comm_id: "c4", target_name: "loop", data: {} });
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    await kernel().request("interrupt_request", {}, "control");
    await kernel().idle(id);
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
});
