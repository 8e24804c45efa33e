/** The kernel behind a real Jupyter server, driven by @jupyterlab/services as a front end drives it. */
import assert from "node:assert/strict";

import {
  type Kernel,
  KernelManager,
  type KernelMessage,
  KernelSpecAPI,
  ServerConnection,
} from "@jupyterlab/services";

import { type Lab, startLab } from "../../support/lab.js";

describe("a Jupyter server", () => {
  let lab: Lab;
  let manager: KernelManager;
  let kernel: Kernel.IKernelConnection;
  let settings: ServerConnection.ISettings;

  before(async () => {
    lab = await startLab();
    settings = ServerConnection.makeSettings({ baseUrl: lab.baseUrl, token: lab.token });
    manager = new KernelManager({ serverSettings: settings });
    kernel = await manager.startNew({ name: "cotangent" });
  });

  after(async () => {
    await kernel?.shutdown();
    kernel?.dispose();
    manager?.dispose();
    await lab?.stop();
  });

  const execute = async (
    code: string,
    onOutput: (message: KernelMessage.IIOPubMessage) => void = () => {},
  ) => {
    const future = kernel.requestExecute({ code });
    future.onIOPub = onOutput;
    return (await future.done).content;
  };

  it("offers our kernel, and only it, as the default", async () => {
    const specs = await KernelSpecAPI.getSpecs(settings);
    assert.deepEqual(Object.keys(specs.kernelspecs), ["cotangent"]);
    assert.equal(specs.default, "cotangent");
    assert.equal(specs.kernelspecs["cotangent"]?.display_name, "TypeScript (Cotangent)");
    assert.ok(specs.kernelspecs["cotangent"]?.resources["logo-svg"]);
  });

  it("runs a cell and passes its output on", async () => {
    const outputs: string[] = [];
    const reply = await execute("console.log('hi'); 6 * 7", ({ header, content }) => {
      if (header.msg_type === "stream") outputs.push((content as KernelMessage.IStreamMsg["content"]).text);
      if (header.msg_type === "execute_result")
        outputs.push(String((content as KernelMessage.IExecuteResultMsg["content"]).data["text/plain"]));
    });
    assert.equal(reply.status, "ok");
    assert.deepEqual(outputs, ["hi\n", "42"]);
  });

  it("interrupts by its Stop button and keeps the variables", async () => {
    await execute("let kept = 1");
    let stopping: Promise<void> | undefined;
    const reply = await execute("console.log('on'); while (true) {}", ({ header }) => {
      if (header.msg_type === "stream") stopping ??= kernel.interrupt();
    });
    await stopping;
    assert.equal(reply.status, "error");
    assert.equal((await execute("kept")).status, "ok");
  });

  it("carries comms with binary buffers both ways", async () => {
    await execute(`jupyter.comms.register("twice", (comm) => {
      comm.onMessage = ({ buffers }) =>
        comm.send({}, { buffers: [new Float64Array(new Float64Array(buffers[0].slice().buffer).map((x) => 2 * x)).buffer] });
    })`);
    const comm = kernel.createComm("twice");
    const answer = new Promise<DataView>((resolve) => {
      comm.onMsg = ({ buffers }) => resolve(buffers![0] as DataView);
    });
    await comm.open().done;
    void comm.send({}, {}, [new Float64Array([1, 2.5]).buffer]).done;
    const view = await answer;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
    assert.deepEqual([...new Float64Array(bytes.buffer)], [2, 5]);
  });

  it("restarts the kernel with an empty memory", async () => {
    await kernel.restart();
    assert.equal((await execute("typeof kept === 'undefined' ? 0 : (() => { throw 1 })()")).status, "ok");
  });
});
