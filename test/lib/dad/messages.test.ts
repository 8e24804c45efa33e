/** Messages: plain, carried by anything, changed by nobody; and what is said of those that do not fit. */
import assert from "node:assert/strict";

import schema from "cotangent/schema/ranks.v1.schema.json" with { type: "json" };
import {
  type Message,
  type MethodChoice,
  methodNames,
  methods,
  train,
  type TrainOptions,
} from "cotangent/dad";
import { boundRanksTrace, decodeRanksTrace, encodeRanksTrace } from "cotangent/trace";
import { Ajv2020 } from "ajv/dist/2020.js";

import { type Layer, mlp, modelOf, numbers, type Sample, sgd, sitesOf } from "./mlp.js";

const run = (over: Partial<TrainOptions<Layer[], Sample>>) =>
  train<Layer[], Sample>({
    sites: sitesOf([8, 5], 20, 5, "float32"),
    model: modelOf(mlp([20, 16, 5], 3, "float32")),
    method: "dAD",
    optimiser: sgd(0.2),
    steps: 3,
    ...over,
  });

const choices: MethodChoice[] = [...methodNames, { name: "rank-dAD", way: "twoWay" }, { name: "PowerSGD", rank: 2, minCompressionRate: 0 }]; // prettier-ignore

describe("messages", () => {
  for (const method of choices)
    it(`can be copied on their way, and are changed by nobody: ${JSON.stringify(method)}`, async () => {
      const seen: [message: Message, copy: Message][] = [];
      const plain = await run({ method });
      const carried = await run({
        method,
        carry(message) {
          const copy = structuredClone(message);
          seen.push([message, copy], [copy, structuredClone(copy)]);
          return copy;
        },
      });
      assert.deepEqual(numbers(carried.params), numbers(plain.params));
      assert.deepEqual(carried.ledger.rows(), plain.ledger.rows());
      for (const [message, copy] of seen) assert.deepEqual(message, copy);
      // Two sites up and two down, in every round.
      assert.equal(
        seen.length / 2,
        3 * 4 * methods[typeof method === "string" ? method : method.name].rounds.length,
      );
    });

  it("that do not fit those of other sites are named, with both shapes", async () => {
    const spoiled = (spoil: (message: Message) => Message) =>
      run({ carry: (message, to) => (to === null && message.from === "site 1" ? spoil(message) : message) });
    await assert.rejects(
      spoiled((message) => ({ ...message, blocks: message.blocks.slice(1) })),
      {
        name: "SiteMismatchError",
        message: 'The message from "site 1" (step 0, round 0) has no input of [0].weight. All sites must share the same model by the same method.', // prettier-ignore
      },
    );
    await assert.rejects(
      spoiled((message) => ({
        ...message,
        blocks: message.blocks.map((block) => ({ ...block, shape: [block.shape[0]!, 3], values: new Float32Array(3 * block.shape[0]!) })), // prettier-ignore
      })),
      {
        name: "SiteMismatchError",
        message: /^Site "site 1" sends float32 \[5, 3\] as input of \[0\]\.weight, but site "site 0" float32 \[8, 20\]\. Build the model/, // prettier-ignore
      },
    );
    await assert.rejects(
      spoiled((message) => ({
        ...message,
        blocks: message.blocks.map((block) => ({ ...block, values: new Float32Array(1) })),
      })),
      { name: "SiteMismatchError", message: /^Site "site 1" sends 1 values as input/ },
    );
  });

  it("that get lost are the failure of a site", async () => {
    const lossy = run({
      onFailure: "continue",
      carry(message, to) {
        if (message.step === 1 && to === "site 0") throw new Error("the line is down.");
        return message;
      },
    });
    const { failures, sites } = await lossy;
    assert.deepEqual([failures[0]!.site, failures[0]!.step, sites], ["site 0", 1, ["site 1"]]);
  });

  it("differ for one site: then the sites part, and it is said", async () => {
    const tampered = run({
      method: "dSGD",
      carry(message, to) {
        if (message.step !== 1 || to !== "site 1") return message;
        const copy = structuredClone(message);
        copy.blocks[0]!.values[3]! += 1e-3;
        return copy;
      },
    });
    await assert.rejects(tampered, {
      name: "SitesDivergedError",
      message: /after step 1: \[0\]\.weight\[3\]/,
    });
  });
});

describe("the trace of a run", () => {
  const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

  for (const method of choices)
    for (const spectra of ["found", "gradient", "none"] as const)
      it(`is what the codec and the schema take: ${JSON.stringify(method)}, ${spectra}`, async () => {
        const trace = (await run({ method, record: { spectra, error: true } })).trace();
        const { data } = encodeRanksTrace(trace);
        const json: unknown = JSON.parse(JSON.stringify(data));
        assert.ok(validate(json), JSON.stringify(validate.errors));
        assert.deepEqual(decodeRanksTrace(json), trace);
        assert.equal(boundRanksTrace(trace), trace);
        const [L, S] = [trace.layers.length, trace.sites.length];
        const known =
          spectra === "gradient" || (spectra === "found" && JSON.stringify(method).includes("rank-dAD"));
        const first = trace.effectiveRank[0]!;
        assert.ok(known ? first >= 1 && first <= 8 : Number.isNaN(first));
        assert.equal(trace.effectiveRank.length, 3 * L * S);
      });

  it("is not to be had of a run that made no step", async () => {
    const site = { name: "a", batch: () => Promise.reject(new Error("no data.")) };
    await assert.rejects(run({ sites: [site] }), (error: Error & { run?: { trace(): unknown } }) => {
      assert.throws(() => error.run!.trace(), { name: "SharingError", message: /made no step/ });
      return error.name === "SiteFailedError";
    });
  });
});
