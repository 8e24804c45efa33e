/** `npm start` as its reader knows it: a JupyterLab that answers, a kernel in it, and nothing left after Ctrl+C. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { KernelManager, type KernelMessage, ServerConnection } from "@jupyterlab/services";

import { ROOT } from "../../scripts/setup/paths.mjs";

describe("npm start, for real", () => {
  it("serves the notebooks with our kernel and our extension, and takes all of it away on Ctrl+C", async () => {
    const child = spawn(
      process.execPath,
      [join(ROOT, "scripts", "start.mjs"), "--no-browser", "--port", "0"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const closed = once(child, "close");
    try {
      const url = await new Promise<URL>((ready, failed) => {
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          const [address] = /http:\S+(?=\n)/.exec(output) ?? [];
          if (address) ready(new URL(address));
        });
        void closed.then(() => failed(new Error(`It did not start:\n${output}`)));
      });
      const token = url.searchParams.get("token")!;
      const get = async (path: string) => {
        const answer = await fetch(new URL(path, url), { headers: { Authorization: `token ${token}` } });
        assert.equal(answer.status, 200, path);
        return answer.text();
      };

      const { schema } = JSON.parse(
        await get("/lab/api/settings/@jupyterlab/apputils-extension:notification"),
      ) as { schema: { properties: Record<string, { default: unknown }> } };
      assert.equal(schema.properties["fetchNews"]!.default, "false");
      assert.equal(schema.properties["checkForUpdates"]!.default, false);
      assert.match(await get("/api/contents/"), /01-watch-attention-converge\.ipynb/);
      assert.match(await get(url.pathname), /@cotangent\/labextension/);
      assert.equal((await fetch(new URL("/api/contents/", url))).status, 403, "without the token");

      const serverSettings = ServerConnection.makeSettings({ baseUrl: `${url.origin}/`, token });
      const manager = new KernelManager({ serverSettings });
      const kernel = await manager.startNew({ name: "cotangent" });
      const future = kernel.requestExecute({ code: "process.pid" });
      let pid = 0;
      future.onIOPub = ({ content }) => {
        const { data } = content as Partial<KernelMessage.IExecuteResultMsg["content"]>;
        if (data) pid = Number(data["text/plain"]);
      };
      await future.done;
      process.kill(pid, 0);
      kernel.dispose();
      manager.dispose();

      child.kill("SIGINT");
      assert.deepEqual(await closed, [0, null]);
      assert.throws(() => process.kill(pid, 0), /ESRCH/, "the kernel is gone");
      await assert.rejects(fetch(url), "the server is gone");
    } finally {
      child.kill("SIGTERM");
      await closed;
    }
  });
});
