/** Our kernel on a real Jupyter server, which tells it the notebook it works for. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type KernelMessage, KernelManager, ServerConnection, SessionManager } from "@jupyterlab/services";

import { type Lab, startLab } from "../../support/lab.js";

describe("a notebook on a Jupyter server", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-server-"));
  let lab: Lab;
  before(async () => (lab = await startLab({ rootDir: folder })));
  after(async () => {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("sets the level of its type checks by its own metadata", async () => {
    const notebook = {
      metadata: { cotangent: { types: "warn" } },
      cells: [],
      nbformat: 4,
      nbformat_minor: 5,
    };
    writeFileSync(join(folder, "loose.ipynb"), JSON.stringify(notebook));
    const serverSettings = ServerConnection.makeSettings({ baseUrl: lab.baseUrl, token: lab.token });
    const kernelManager = new KernelManager({ serverSettings });
    const sessions = new SessionManager({ serverSettings, kernelManager });
    try {
      const session = await sessions.startNew({
        name: "loose.ipynb",
        path: "loose.ipynb",
        type: "notebook",
        kernel: { name: "cotangent" },
      });
      const future = session.kernel!.requestExecute({ code: "const n: number = 'text'; n" });
      const said: string[] = [];
      future.onIOPub = ({ content }) => {
        const { text, data } = content as Partial<KernelMessage.IStreamMsg["content"]> & {
          data?: Record<string, unknown>;
        };
        said.push(text ?? String(data?.["text/plain"] ?? ""));
      };
      const reply = await future.done;
      assert.equal(reply.content.status, "ok");
      assert.match(said.join(""), /TS2322[^]*'text'$/);
      await session.shutdown();
    } finally {
      sessions.dispose();
      kernelManager.dispose();
    }
  });
});
