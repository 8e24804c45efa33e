import assert from "node:assert/strict";
import { type DadRun, type MethodChoice, type RemoteSite, type Site, train } from "cotangent/dad";
import { serveSite, workerSites } from "cotangent/dad/workers";
import { fromWire, toWire } from "../../../../lib/src/dad/remote/wire.js";
import * as definition from "./definition.mjs";

const { model, optimiser, define } = definition as unknown as {
  model: (inputs?: number) => never;
  optimiser: never;
  define: (name: string, index: number) => Omit<Site, "name">;
};
const module = new URL("./site.mjs", import.meta.url);
const there = (...names: string[]) => workerSites(module, names, { execArgv: ["--conditions=unbundled"] });
const here = (...names: string[]): Site[] =>
  names.map((name, index) => ({ name, batch: define(name, index).batch }));
const run = (sites: readonly (Site | RemoteSite)[], more: object = {}): Promise<DadRun> =>
  train({ sites, model: model(), optimiser, method: "dAD", steps: 5, ...more });

type Layers = { weight: { dataSync(): Float32Array }; bias: { dataSync(): Float32Array } }[];
const numbers = (params: unknown) =>
  (params as Layers).flatMap(({ weight, bias }) => [...weight.dataSync(), ...bias.dataSync()]);
/** Workers are handles of the process while they live. */
const threads = () => process.getActiveResourcesInfo().filter((kind) => kind === "MessagePort").length;

describe("sites in worker threads", function () {
  this.timeout(60_000);

  for (const method of [
    "pooled",
    "dSGD",
    "dAD",
    "edAD",
    { name: "rank-dAD", maxRank: 3 },
    "PowerSGD",
  ] as MethodChoice[]) {
    it(`learn what sites in this process learn, bit for bit, for the same bytes: ${JSON.stringify(method)}`, async () => {
      const [near, far] = [
        await run(here("a", "b", "c"), { method }),
        await run(there("a", "b", "c"), { method }),
      ];
      assert.deepEqual(numbers(far.params), numbers(near.params));
      assert.deepEqual(far.ledger.rows(), near.ledger.rows());
      const { up, upFormula, down, downFormula } = far.ledger.total();
      assert.deepEqual([up, down], [upFormula, downFormula]);
      const [a, b] = [near.trace(), far.trace()];
      assert.deepEqual(b.loss, a.loss);
      assert.deepEqual(b.spectra, a.spectra);
    });
  }

  it("take part beside sites in this process", async () => {
    const mixed = await run([...here("a"), ...there("x", "b").slice(1)]);
    assert.deepEqual(mixed.sites, ["a", "b"]);
    assert.equal(mixed.steps, 5);
  });

  it("are measured by their parameters, in the form of the model's", async () => {
    const seen: number[] = [];
    await run(there("a", "b"), { measure: { every: 5, of: (params: Layers) => (seen.push(numbers(params).length), { size: 1 }) } }); // prettier-ignore
    assert.deepEqual(seen, [12 * 8 + 8 + 8 * 4 + 4]);
  });

  it("give the spectra of their gradients, and refuse to give the gradients themselves", async () => {
    const [near, far] = await Promise.all([here, there].map((of) => run(of("a", "b"), { record: { spectra: "gradient" } }))); // prettier-ignore
    assert.deepEqual(far!.trace().spectra, near!.trace().spectra);
    await assert.rejects(run(there("a", "b"), { record: { error: true } }), { name: "OptionError", message: /record\.error needs the exact gradients/ }); // prettier-ignore
  });

  it("that fail are named, with what had been done", async () => {
    await assert.rejects(run(there("a", "fails at 2")), (error: Error & { run: DadRun }) => {
      assert.equal(error.name, "SiteFailedError");
      assert.match(
        error.message,
        /^Site "fails at 2" failed in step 2: RangeError: the disk is gone\. Mend it/,
      );
      assert.equal(error.run.steps, 2);
      return true;
    });
  });

  it("that die are named, and the run goes on without them when it is to", async () => {
    await assert.rejects(run(there("a", "dies at 3")), { name: "SiteFailedError", message: /^Site "dies at 3" failed in step 3: SiteGoneError: its thread exited with code 3/ }); // prettier-ignore
    const left = await run(there("a", "dies at 3", "c"), { onFailure: "continue" });
    assert.deepEqual([left.sites, left.steps], [["a", "c"], 5]);
    assert.deepEqual(
      left.failures.map(({ site, step }) => [site, step]),
      [["dies at 3", 3]],
    );
  });

  it("with another model are named with what differs", async () => {
    await assert.rejects(run(there("a", "is wide")), { name: "SiteMismatchError", message: /\[0\]\.weight is \[12, 8\].* at site "a" and \[13, 8\].* at site "is wide"/ }); // prettier-ignore
  });

  it("whose module cannot be loaded never take part, and say why", async () => {
    const missing = workerSites(new URL("./nowhere.mjs", import.meta.url), ["a"]);
    await assert.rejects(run(missing), { name: "SiteFailedError", message: /^Site "a" failed in step 0: SiteGoneError: its thread ended by Error: Cannot find module/ }); // prettier-ignore
  });

  it("leave no thread behind, however a run ends", async () => {
    const before = threads();
    await run(there("a", "b"));
    await run(there("a", "fails at 1")).catch(() => {});
    await run(there("a", "is wide")).catch(() => {});
    assert.ok(threads() <= before, `${threads()} now, ${before} before`);
  });

  it("are made by a worker, not by this process", () => {
    assert.throws(() => serveSite(() => ({}) as never), { name: "OptionError", message: /workerSites/ });
  });

  it("need no optimiser here, as sites in this process do", async () => {
    assert.equal((await run(there("a", "b"), { optimiser: undefined })).steps, 5);
    await assert.rejects(run(here("a", "b"), { optimiser: undefined }), { name: "OptionError", message: /needs an optimiser/ }); // prettier-ignore
  });
});

describe("plain values on a line of JSON and buffers", () => {
  it("come back as they were, odd numbers, Maps and unaligned buffers included", () => {
    const value = {
      loss: NaN,
      size: -0,
      most: [Infinity, -Infinity, 3],
      found: new Map([["layers[0]", Float64Array.of(1, NaN)]]),
      blocks: [{ unit: "a", values: Float32Array.of(1.5, -2) }, { values: Int32Array.of(7) }],
      none: null,
    };
    const { json, buffers } = toWire(value);
    const sent = buffers.map((each) => {
      // As a network delivers them: at an odd place in something larger.
      const bytes = new Uint8Array(each.byteLength + 3);
      bytes.set(new Uint8Array(each.buffer, each.byteOffset, each.byteLength), 3);
      return bytes.subarray(3);
    });
    assert.deepEqual(fromWire(JSON.parse(JSON.stringify(json)), sent), value);
  });
});
