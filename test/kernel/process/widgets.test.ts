/** Widgets: a model shared between cells and front ends over the protocol of Jupyter widgets, version 2. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

const VIEW = "application/vnd.jupyter.widget-view+json";

describe("a widget", () => {
  const kernel = useKernel();
  let id: string;
  const tell = (data: Record<string, unknown>, buffers: readonly Uint8Array[] = []) =>
    kernel().send("comm_msg", { comm_id: id, data }, "shell", buffers);

  before(async () => {
    const cell = await kernel().execute(`
      const counter = jupyter.widget({
        esm: "export default { render({ model, el }) { el.textContent = model.get('n') } }",
        css: "b { color: red }",
        state: { n: 1, points: new Float32Array([1, 2]) },
      });
      counter.on("change:n", ({ value, previous }) => console.log("n", previous, "→", value));
      counter.on("message", ({ content, buffers }) => counter.send({ got: content }, buffers));
      counter`);
    const [open] = cell.outputs.filter(({ type }) => type === "comm_open");
    id = open!.content.comm_id as string;
    const { target_name, data } = open!.content;
    assert.equal(target_name, "jupyter.widget");
    assert.deepEqual(open!.metadata, { version: "2.1.0" });
    assert.equal(data.state._model_module, "anywidget");
    assert.equal(data.state._css, "b { color: red }");
    assert.equal(data.state.n, 1);
    assert.deepEqual(data.buffer_paths, [["points"]]);
    assert.deepEqual([...new Float32Array(open!.buffers[0]!.slice().buffer)], [1, 2]);
    const shown = cell.outputs.find(({ type }) => type === "execute_result");
    assert.deepEqual(shown!.content.data[VIEW], { version_major: 2, version_minor: 0, model_id: id });
    assert.match(shown!.content.data["text/plain"] as string, /anywidget\.AnyModel/);
  });

  it("tells the front ends what a cell sets, typed arrays as buffers", async () => {
    const cell = await kernel().execute(
      "counter.set({ n: 2, points: new Float32Array([3]) }); counter.get('n')",
    );
    assert.equal(cell.result, "2");
    const update = cell.outputs.find(({ type }) => type === "comm_msg");
    assert.deepEqual(update!.content.data, {
      method: "update",
      state: { n: 2 },
      buffer_paths: [["points"]],
    });
    assert.equal(update!.buffers.length, 1);
  });

  it("takes what a front end sets, echoes it to the others, and tells its listeners", async () => {
    const request = await tell({ method: "update", state: { n: 7 }, buffer_paths: [["points"]] }, [
      Buffer.from(new Float32Array([5, 6]).buffer),
    ]);
    await kernel().idle(request);
    const sent = kernel().received.filter(({ parent }) => parent === request);
    const echo = sent.find(({ type }) => type === "comm_msg");
    assert.equal(echo!.content.data.method, "echo_update");
    assert.deepEqual(echo!.content.data.state, { n: 7 });
    assert.equal(sent.find(({ type }) => type === "stream")!.content.text, "n 2 → 7\n");
    assert.equal((await kernel().execute("counter.get('points')")).result, "Float32Array(2) [ 5, 6 ]");
  });

  it("answers a request for its state", async () => {
    const request = await tell({ method: "request_state" });
    await kernel().idle(request);
    const answer = kernel().received.find(({ type, parent }) => type === "comm_msg" && parent === request);
    assert.equal(answer!.content.data.method, "update");
    assert.equal(answer!.content.data.state.n, 7);
  });

  it("hears what a view sends, and answers it", async () => {
    const request = await tell({ method: "custom", content: { ask: 1 } }, [Buffer.from([8])]);
    await kernel().idle(request);
    const answer = kernel().received.find(({ type, parent }) => type === "comm_msg" && parent === request);
    assert.deepEqual(answer!.content.data, { method: "custom", content: { got: { ask: 1 } } });
    assert.deepEqual([...answer!.buffers[0]!], [8]);
  });

  it("is among the states that a page asks for when it is loaded again", async () => {
    await kernel().send(
      "comm_open",
      { comm_id: "control", target_name: "jupyter.widget.control", data: {} },
      "shell",
    );
    const request = await kernel().send(
      "comm_msg",
      { comm_id: "control", data: { method: "request_states" } },
      "shell",
    );
    await kernel().idle(request);
    const answer = kernel().received.find(({ type, parent }) => type === "comm_msg" && parent === request);
    const { method, states, buffer_paths } = answer!.content.data;
    assert.equal(method, "update_states");
    assert.equal(states[id].model_name, "AnyModel");
    assert.equal(states[id].state.n, 7);
    assert.deepEqual(buffer_paths, [[id, "state", "points"]]);
  });

  it("ignores a message that is none of the protocol's", async () => {
    for (const data of [{}, { method: "nonsense" }, { method: "update", state: 3 }, { method: "toString" }])
      await kernel().idle(await tell(data));
    assert.equal((await kernel().execute("counter.get('n')")).result, "7");
  });

  it("can be made by a front end", async () => {
    const state = { _model_name: "AnyModel", _model_module: "anywidget", made: "there" };
    await kernel().idle(
      await kernel().send(
        "comm_open",
        { comm_id: "from-page", target_name: "jupyter.widget", data: { state } },
        "shell",
      ),
    );
    const request = await kernel().send(
      "comm_msg",
      { comm_id: "from-page", data: { method: "request_state" } },
      "shell",
    );
    await kernel().idle(request);
    const answer = kernel().received.find(({ type, parent }) => type === "comm_msg" && parent === request);
    assert.equal(answer!.content.data.state.made, "there");
  });

  it("is gone when it is closed", async () => {
    const cell = await kernel().execute("counter.on('close', () => console.log('bye')); counter.close()");
    assert.ok(cell.types.includes("comm_close"));
    assert.equal(cell.stream("stdout"), "bye\n");
  });

  it("without a front-end module says what it needs", async () => {
    assert.match((await kernel().execute("jupyter.widget({})")).traceback, /needs esm/);
  });
});
