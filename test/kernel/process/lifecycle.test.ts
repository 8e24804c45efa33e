/** Start, bad wire input, shutdown: the kernel process from outside. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { createSigner } from "../../../kernel/src/node/wire.js";
import { KERNEL_MAIN, KernelClient } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

describe("the kernel process", () => {
  it("says what it is", async () => {
    const kernel = await KernelClient.start();
    try {
      const { content } = await kernel.request("kernel_info_request", {});
      assert.equal(content.status, "ok");
      assert.equal(content.implementation, "cotangent");
      assert.equal(content.language_info.name, "typescript");
      assert.equal(content.language_info.file_extension, ".ts");
    } finally {
      await kernel.stop();
    }
  });

  it("answers shutdown and then ends by itself, idle or busy", async () => {
    for (const busy of [false, true]) {
      const kernel = await KernelClient.start();
      try {
        if (busy) {
          await kernel.send("execute_request", {
            code: "console.log('on'); for(;;){ try { for(;;); } catch {} }",
          });
          await kernel.find(({ type }) => type === "stream");
        }
        const reply = await kernel.request("shutdown_request", { restart: true }, "control");
        assert.deepEqual(reply.content, { status: "ok", restart: true });
        assert.deepEqual(await kernel.exited, { code: 0, signal: null });
      } finally {
        await kernel.stop();
      }
    }
  });

  it("ends when it is asked by SIGTERM", async () => {
    const kernel = await KernelClient.start();
    try {
      kernel.process.kill("SIGTERM");
      assert.equal((await kernel.exited).code, 0);
    } finally {
      await kernel.stop();
    }
  });

  it("ends when the server that started it is gone", async () => {
    const parent = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    const kernel = await KernelClient.start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    try {
      parent.kill("SIGKILL");
      await once(parent, "exit");
      assert.equal((await kernel.exited).code, 0);
    } finally {
      parent.kill("SIGKILL");
      await kernel.stop();
    }
  });

  it("explains a connection file that is missing", async () => {
    const child = spawn(process.execPath, [KERNEL_MAIN, "nowhere.json"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const [code] = (await once(child, "close")) as [number];
    assert.notEqual(code, 0);
    assert.match(text, /connection file nowhere\.json cannot be read/);
    assert.doesNotMatch(text, /\n\s+at /);
  });
});

describe("bad wire input", () => {
  const kernel = useKernel();

  it("is dropped and logged, never executed, never fatal", async () => {
    const good = () =>
      kernel()
        .frames("execute_request", { code: "globalThis.pwned = true" })
        .map((frame) => Buffer.from(frame));
    const forged = good();
    forged[1] = Buffer.from(createSigner("guess", "hmac-sha256").sign(forged.slice(2)));
    const tampered = good();
    tampered[5] = Buffer.from(JSON.stringify({ code: "globalThis.pwned = true;" }));
    const signed = (parts: string[]) => {
      const frames = parts.map((part) => Buffer.from(part));
      return [Buffer.from("<IDS|MSG>"), Buffer.from(kernel().signer.sign(frames)), ...frames];
    };
    const bad: Buffer[][] = [
      forged,
      tampered,
      [Buffer.from("hello")],
      good().slice(0, 4),
      signed(["{", "{}", "{}", "{}"]),
      signed(["[]", "{}", "{}", "{}"]),
      signed(["{}", "{}", "{}", "{}"]),
      signed(['{"msg_id":"1","msg_type":5}', "{}", "{}", "{}"]),
      signed(['{"msg_id":"1","msg_type":"execute_request"}', "{}", "{}", "null"]),
    ];
    for (const frames of bad)
      for (const socket of [kernel().shell, kernel().control]) await socket.send(frames);
    assert.equal((await kernel().execute("typeof globalThis.pwned")).result, "'undefined'");
    await kernel().request("kernel_info_request", {}, "control");
    assert.equal(kernel().log.match(/was dropped/g)?.length, 2 * bad.length);
  });

  it("with the right signature but nonsense inside gets an answer, not a crash", async () => {
    for (const content of [{}, { code: 5 }, { code: null, silent: "yes" }])
      assert.equal((await kernel().request("execute_request", content)).content.status, "ok");
    await kernel().send("comm_msg", { comm_id: 7 });
    await kernel().send("comm_open", { comm_id: "x", target_name: "y", data: "text" });
    assert.equal((await kernel().execute("1")).result, "1");
  });
});
