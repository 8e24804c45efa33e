/** Sites of a distributed run in kernels on a real Jupyter server. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

import { type DadRun, type RemoteSite, type Site, train } from "cotangent/dad";
import { kernelSites, runningServer, serveSite } from "cotangent/dad/kernels";

import { type Lab, ROOT, startLab } from "../../support/lab.js";
import * as definition from "../../lib/dad/remote/definition.mjs";

const { model, optimiser, define } = definition as unknown as {
  model: () => never;
  optimiser: never;
  define: (name: string, index: number) => Omit<Site, "name">;
};

/** A cell: what the other tests import as a module, and what makes a site of it. From outside, for a kernel survives its own exit. */
const setup = `${readFileSync(new URL("../../lib/dad/remote/definition.mjs", import.meta.url), "utf8")
  .replace(/^export /gm, "")
  .replace("process.exit(3)", 'execFileSync("kill", ["-9", String(process.pid)])')}
import { execFileSync } from "node:child_process";
import { serveSite } from "cotangent/dad/kernels";
serveSite(define as never);`;

const run = (sites: readonly (Site | RemoteSite)[], more: object = {}): Promise<DadRun> =>
  train({ sites, model: model(), optimiser, method: "dAD", steps: 4, ...more });

type Layers = { weight: { dataSync(): Float32Array }; bias: { dataSync(): Float32Array } }[];
const numbers = (params: unknown) =>
  (params as Layers).flatMap(({ weight, bias }) => [...weight.dataSync(), ...bias.dataSync()]);

describe("sites in Jupyter kernels", function () {
  this.timeout(180_000);
  let lab: Lab;

  before(async () => {
    lab = await startLab();
  });
  after(async () => {
    await lab?.stop();
  });

  const there = (names: readonly string[], more: object = {}) =>
    kernelSites({ names, setup, server: { baseUrl: lab.baseUrl, token: lab.token }, ...more });
  const kernels = async (): Promise<unknown[]> => {
    const answer = await fetch(`${lab.baseUrl}api/kernels`, {
      headers: { authorization: `token ${lab.token}` },
    });
    return (await answer.json()) as unknown[];
  };

  it("three of them learn what sites in one process learn, bit for bit, for the same bytes, and none is left", async () => {
    const names = ["a", "b", "c"];
    const far = await run(there(names));
    const near = await run(names.map((name, index) => ({ name, batch: define(name, index).batch })));
    assert.deepEqual(numbers(far.params), numbers(near.params));
    assert.deepEqual(far.ledger.rows(), near.ledger.rows());
    const { up, upFormula } = far.ledger.total();
    assert.equal(up, upFormula);
    assert.deepEqual(await kernels(), []);
  });

  it("one that dies is named; the others go on, or the run ends, and no kernel is left", async () => {
    const left = await run(there(["a", "dies at 2", "c"]), { onFailure: "continue" });
    assert.deepEqual([left.sites, left.steps], [["a", "c"], 4]);
    assert.match(
      left.failures[0]!.message,
      /^Site "dies at 2" failed in step 2: SiteGoneError: its kernel is /,
    );
    await assert.rejects(run(there(["a", "dies at 1"])), { name: "SiteFailedError", message: /^Site "dies at 1" failed in step 1: SiteGoneError/ }); // prettier-ignore
    assert.deepEqual(await kernels(), []);
  });

  it("whose setup fails, or never serves a site, say so, and no kernel is left", async () => {
    await assert.rejects(run(there(["a"], { setup: 'throw new TypeError("no data here")' })), { name: "SiteFailedError", message: /^Site "a" failed in step 0: SetupError: its setup failed: TypeError: no data here/ }); // prettier-ignore
    await assert.rejects(run(there(["a"], { setup: "1 + 1" })), { name: "SiteFailedError", message: /its kernel hung up: does the setup call serveSite\?/ }); // prettier-ignore
    await assert.rejects(run(there(["a"], { timeout: 0.001 })), { name: "SiteFailedError", message: /waited 0\.001 s for its kernel/ }); // prettier-ignore
    assert.deepEqual(await kernels(), []);
  });

  it("leave no kernel behind when the process that leads the run is killed", async () => {
    const program = `
      import { train } from "cotangent/dad";
      import { kernelSites } from "cotangent/dad/kernels";
      import { model } from ${JSON.stringify(new URL("../../lib/dad/remote/definition.mjs", import.meta.url).href)};
      const { setup, server } = JSON.parse(process.env.SITES);
      await train({
        sites: kernelSites({ names: ["a", "b"], setup, server }), model: model(), method: "dAD", steps: 100_000,
        onStep: ({ step }) => step === 0 && process.kill(process.pid, "SIGKILL"),
      });`;
    const env = { ...process.env, SITES: JSON.stringify({ setup, server: { baseUrl: lab.baseUrl, token: lab.token } }) }; // prettier-ignore
    const child = spawn(
      process.execPath,
      ["--conditions=unbundled", "--input-type=module", "--eval", program],
      { env, cwd: ROOT, stdio: "ignore" },
    );
    const [, signal] = (await once(child, "close")) as [number, string];
    assert.equal(signal, "SIGKILL");
    // The server takes its time to end a kernel; each question waits for an answer.
    while ((await kernels()).length > 0);
  });

  it("need a server that answers", async () => {
    const nowhere = kernelSites({ names: ["a"], setup, server: { baseUrl: "http://127.0.0.1:9/", token: "" }, timeout: 20 }); // prettier-ignore
    await assert.rejects(run(nowhere), { name: "SiteFailedError", message: /^Site "a" failed in step 0/ });
  });

  it("find the server that runs on this machine by its runtime folder", async () => {
    const before = process.env["JUPYTER_RUNTIME_DIR"];
    try {
      process.env["JUPYTER_RUNTIME_DIR"] = lab.runtimeDir;
      assert.deepEqual(await runningServer(), { baseUrl: lab.baseUrl, token: lab.token });
    } finally {
      if (before === undefined) delete process.env["JUPYTER_RUNTIME_DIR"];
      else process.env["JUPYTER_RUNTIME_DIR"] = before;
    }
  });

  it("are not served outside a kernel, and know their options", () => {
    assert.throws(() => serveSite(() => ({}) as never), { name: "OptionError", message: /Cotangent kernel/ });
    assert.throws(() => kernelSites({ names: [], setup: "", timout: 3 } as never), {
      name: "UnknownOptionError",
    });
  });
});
