/** Broken, hostile and future traces: the decoder's sentences, and its agreement with the JSON Schema. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { decodeAttentionTrace, encodeAttentionTrace, readTrace, TraceError } from "cotangent/trace";
import schema from "cotangent/schema/attention.v1.schema.json" with { type: "json" };
import { sampleTrace, withVerdict } from "./sample.js";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

/** A good encoded trace in which the value at a path such as "heads.0.name" is replaced; `undefined` removes it. */
function broken(path: string, value: unknown): unknown {
  const data: unknown = JSON.parse(JSON.stringify(encodeAttentionTrace(withVerdict(sampleTrace())).data));
  const keys = path.split(".");
  let at = data as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  const last = keys.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return data;
}

type Name = "MalformedTraceError" | "TraceTooLargeError" | "NewerTraceError";
type Case = [path: string, value: unknown, name: Name, message: RegExp];

/** What both the schema and the decoder refuse. */
const refusedByBoth: Case[] = [
  ["kind", "tape", "MalformedTraceError", /^kind should be one of "attention", but it is "tape"/],
  ["version", 1, "MalformedTraceError", /^version should be a text like "1.0", but it is 1\./],
  ["version", "0.9", "MalformedTraceError", /^version/],
  ["version", "2.0", "NewerTraceError", /newer Cotangent \(format 2\.0\).*Update Cotangent/],
  ["producer", undefined, "MalformedTraceError", /^producer should be a text, but it is nothing/],
  ["producer", "x".repeat(1025), "TraceTooLargeError", /^producer has 1025 characters; at most 1024/],
  ["preset", 3, "MalformedTraceError", /^preset/],
  ["tokens", "the king", "MalformedTraceError", /^tokens should be a list/],
  ["tokens", [], "MalformedTraceError", /^tokens should be a list of at least 1/],
  ["tokens", Array(1025).fill("a"), "TraceTooLargeError", /^tokens has 1025 entries; at most 1024/],
  ["tokens.1", null, "MalformedTraceError", /^tokens\[1\] should be a text, but it is null/],
  ["tokens.0", "x".repeat(257), "TraceTooLargeError", /^tokens\[0\] has 257 characters/],
  ["tokens.0", "🙂".repeat(257), "TraceTooLargeError", /^tokens\[0\] has 514 characters/],
  ["heads", {}, "MalformedTraceError", /^heads should be a list, but it is an object/],
  ["heads", Array(65).fill({ name: "h", temperature: 1 }), "TraceTooLargeError", /^heads has 65 entries/],
  [
    "heads.1.temperature",
    0,
    "MalformedTraceError",
    /^heads\[1\].temperature should be a finite number above 0/,
  ],
  ["heads.0.name", undefined, "MalformedTraceError", /^heads\[0\].name/],
  ["solver.damping", 0, "MalformedTraceError", /^solver.damping should be a number above 0 and at most 1/],
  ["solver.damping", 1.5, "MalformedTraceError", /^solver.damping/],
  ["solver.tolerance", null, "MalformedTraceError", /^solver.tolerance/],
  ["solver.maxIterations", 2.5, "MalformedTraceError", /^solver.maxIterations should be a whole number/],
  [
    "solver.norm",
    "euclid",
    "MalformedTraceError",
    /^solver.norm should be one of "token", "frobenius", "max"/,
  ],
  ["solver.mode", ["relative"], "MalformedTraceError", /^solver.mode/],
  ["outcome.converged", "yes", "MalformedTraceError", /^outcome.converged should be true or false/],
  ["outcome.converged", false, "MalformedTraceError", /contradicts outcome.reason "converged"/],
  ["outcome.reason", "tired", "MalformedTraceError", /^outcome.reason/],
  ["outcome.iterations", 0, "MalformedTraceError", /^outcome.iterations should be a whole number, 1 or more/],
  ["outcome.iterations", 100_001, "TraceTooLargeError", /^outcome.iterations has 100001 iterations/],
  ["outcome.bestIteration", -1, "MalformedTraceError", /^outcome.bestIteration/],
  ["frames", undefined, "MalformedTraceError", /^frames should be an object, but it is nothing/],
  ["frames.weights", [0.5, 0.5], "MalformedTraceError", /^frames.weights should be an object/],
  ["frames.weights.dtype", "float64", "MalformedTraceError", /^frames.weights.dtype should be "float32"/],
  ["frames.weights.dtype", "toString", "MalformedTraceError", /^frames.weights.dtype/],
  [
    "frames.weights.shape",
    [4, 2, 9],
    "MalformedTraceError",
    /^frames.weights.shape should be a list of at least 4/,
  ],
  ["frames.weights.shape", [4, 2, 3, -3], "MalformedTraceError", /^frames.weights.shape/],
  [
    "frames.weights.base64",
    undefined,
    "MalformedTraceError",
    /^frames.weights has neither base64 nor buffer/,
  ],
  ["frames.weights.base64", "*".repeat(384), "MalformedTraceError", /^frames.weights.base64 is not base64/],
  ["frames.weights.base64", 5, "MalformedTraceError", /^frames.weights.base64 should be a text/],
  ["residuals.relative", undefined, "MalformedTraceError", /^residuals.relative should be an object/],
  ["drift.dtype", "float32", "MalformedTraceError", /^drift.dtype should be "float64"/],
  ["tokenSpread", "AAAA", "MalformedTraceError", /^tokenSpread should be an object/],
  ["solver.freeze", "yes", "MalformedTraceError", /^solver.freeze should be true or false/],
  ["solver.exitFraction", 0, "MalformedTraceError", /^solver.exitFraction should be a number above 0/],
  ["residuals.stoppedAt.dtype", "float32", "MalformedTraceError", /^residuals.stoppedAt.dtype/],
  ["diagnosis", 7, "MalformedTraceError", /^diagnosis should be an object/],
  ["diagnosis.state", "fine", "MalformedTraceError", /^diagnosis.state should be one of "converged", "slow"/],
  ["diagnosis.period", 1, "MalformedTraceError", /^diagnosis.period should be a whole number, 2 or more/],
  ["diagnosis.observedRate", -1, "MalformedTraceError", /^diagnosis.observedRate .* 0 or more/],
  ["diagnosis.advice", undefined, "MalformedTraceError", /^diagnosis.advice should be a text/],
  ["spectrum.at", "nowhere", "MalformedTraceError", /^spectrum.at should be one of "result"/],
  ["spectrum.of", 0, "MalformedTraceError", /^spectrum.of should be a whole number/],
  ["spectrum.eigenvalues", [], "MalformedTraceError", /^spectrum.eigenvalues should be an object/],
  ["rivals", Array(8).fill({}), "TraceTooLargeError", /^rivals has 8 entries; at most 7/],
  ["rivals", [{ name: "a", converged: true }], "MalformedTraceError", /^rivals\[0\].residuals should be/],
  ["omissions", undefined, "MalformedTraceError", /^omissions should be a list/],
  ["omissions", [{ what: "tokens" }], "MalformedTraceError", /^omissions\[0\].of/],
  [
    "omissions",
    Array(17).fill({ what: "a", kept: 0, of: 1, reason: "" }),
    "TraceTooLargeError",
    /^omissions/,
  ],
];

/** What only the decoder can see, because two fields contradict each other. */
const refusedByDecoder: Case[] = [
  [
    "tokens",
    ["a", "b"],
    "MalformedTraceError",
    /^frames.weights.shape is \[4, 2, 3, 3\], but .* \[4, 2, 2, 2\]/,
  ],
  ["heads", [{ name: "a", temperature: 1 }], "MalformedTraceError", /^frames.weights.shape/],
  ["outcome.iterations", 5, "MalformedTraceError", /^outcome.iterations is 5, above solver.maxIterations 4/],
  ["outcome.bestIteration", 4, "MalformedTraceError", /^outcome.bestIteration is 4, but .* 0 to 3/],
  ["frames.iterations.shape", [3], "MalformedTraceError", /holds 16 bytes, but its dtype and shape need 12/],
  ["frames.iterations", int32(0, 2, 1, 3), "MalformedTraceError", /^frames.iterations\[2\] is 1; .* ascend/],
  ["frames.iterations", int32(0, 1, 2, 4), "MalformedTraceError", /^frames.iterations\[3\] is 4; .* 0 to 3/],
  ["frames.iterations", int32(), "MalformedTraceError", /^frames.iterations is empty/],
  ["frames.iterations", int32(0, 1, 3), "MalformedTraceError", /stores 3 of 4 iterations, but omissions/],
  ["frames.weights.shape", [4, 2, 3, 1e9], "MalformedTraceError", /^frames.weights.shape/],
  [
    "frames.weights.base64",
    "AAAA",
    "MalformedTraceError",
    /^frames.weights.base64 holds 3 bytes, .* need 288/,
  ],
  ["frames.weights.base64", "AAA", "MalformedTraceError", /^frames.weights.base64 is not base64/],
  ["frames.iterations.shape", [1e15], "TraceTooLargeError", /^frames.iterations with shape .* 256 MiB/],
  ["residuals.stoppedAt", int32(1), "MalformedTraceError", /^residuals.stoppedAt.shape is \[1\]/],
  ["spectrum.of", 2, "MalformedTraceError", /^spectrum.of should be a whole number, 3 or more/],
  ["spectrum.eigenvalues", float64(NaN, 0), "MalformedTraceError", /^spectrum.eigenvalues .* finite/],
  ["residuals.perToken.shape", [3, 4], "MalformedTraceError", /^residuals.perToken.shape is \[3, 4\]/],
  ["omissions", [{ what: "a", kept: 3, of: 2, reason: "" }], "MalformedTraceError", /claims to keep 3 of 2/],
];

function int32(...values: number[]) {
  const base64 = Buffer.from(Int32Array.from(values).buffer).toString("base64");
  return { dtype: "int32", shape: [values.length], base64 };
}

/** Pairs. */
function float64(...values: number[]) {
  const base64 = Buffer.from(Float64Array.from(values).buffer).toString("base64");
  return { dtype: "float64", shape: [values.length / 2, 2], base64 };
}

const titled = ([path, value]: Case) => {
  const shown = value === undefined ? "missing" : JSON.stringify(value);
  return `${path} ${shown.length > 48 ? `${shown.slice(0, 48)}…` : shown}`;
};

describe("the schema of an attention trace", () => {
  it("accepts every trace that the library writes", () => {
    for (const arrays of ["base64", "buffers"] as const) {
      for (const size of [{}, { tokens: 1, heads: 1, iterations: 1 }, { tokens: 9, heads: 16 }]) {
        for (const trace of [sampleTrace(size), withVerdict(sampleTrace(size))]) {
          const { data } = encodeAttentionTrace(trace, { arrays });
          assert.ok(validate(JSON.parse(JSON.stringify(data))), JSON.stringify(validate.errors));
        }
      }
    }
  });

  it("describes every field", () => {
    const visit = (schema: Record<string, unknown>, path: string) => {
      for (const [name, property] of Object.entries((schema["properties"] ?? {}) as Record<string, object>)) {
        const inside = property as Record<string, unknown>;
        if (!path.endsWith("array")) assert.ok("description" in inside, `${path}.${name} has no description`);
        visit(inside, inside["$ref"] ? "array" : `${path}.${name}`);
      }
    };
    visit(schema, "trace");
  });
});

describe("a broken attention trace is refused", () => {
  for (const each of refusedByBoth) {
    const [path, value, name, message] = each;
    it(`by decoder and schema: ${titled(each)}`, () => {
      const data = broken(path, value);
      assert.throws(() => decodeAttentionTrace(data), { name, message });
      assert.equal(validate(data), false);
    });
  }

  for (const each of refusedByDecoder) {
    const [path, value, name, message] = each;
    it(`by the decoder: ${titled(each)}`, () => {
      assert.throws(() => decodeAttentionTrace(broken(path, value)), { name, message });
    });
  }

  it("when it is not an object at all", () => {
    for (const data of [undefined, null, 7, "trace", [], () => 0]) {
      assert.throws(() => readTrace(data), { name: "MalformedTraceError", message: /^the trace should be/ });
    }
  });

  it("when a buffer it names did not come, or has another length", () => {
    const { data, buffers } = encodeAttentionTrace(sampleTrace(), { arrays: "buffers" });
    assert.throws(() => decodeAttentionTrace(data, buffers.slice(0, 1)), {
      name: "MalformedTraceError",
      message: "frames.weights.buffer is 1, but 1 binary buffers came with the trace.",
    });
    assert.throws(() => decodeAttentionTrace(data, buffers.toReversed()), {
      name: "MalformedTraceError",
      message: /^frames.iterations.buffer holds 32 bytes, but its dtype and shape need 16/,
    });
  });

  it("with a sentence, whatever stands wherever", () => {
    const paths = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [path + key, ...paths(inner, `${path}${key}.`)])
        : [];
    const everywhere = paths(encodeAttentionTrace(withVerdict(sampleTrace())).data, "");
    fc.assert(
      fc.property(fc.constantFrom(...everywhere), fc.jsonValue(), (path, value) => {
        try {
          decodeAttentionTrace(broken(path, value));
        } catch (error) {
          assert.ok(error instanceof TraceError && error.message.length > 20, `${path}: ${String(error)}`);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("when its kind, or its fields, come from a prototype only", () => {
    const inherited: unknown = Object.create(encodeAttentionTrace(sampleTrace()).data);
    assert.throws(() => readTrace(inherited), { name: "MalformedTraceError", message: /^kind should be/ });
  });

  it("when its MIME type is newer, whatever it holds", () => {
    const { data } = encodeAttentionTrace(sampleTrace());
    const mimeType = "application/vnd.cotangent.attention.v2+json";
    assert.throws(() => readTrace(data, { mimeType }), {
      name: "NewerTraceError",
      message: /Update Cotangent/,
    });
    assert.throws(() => readTrace(data, { mimeType: "text/html" }), { name: "MalformedTraceError" });
  });

  it("before memory is spent, when its claims add up to more than 256 MiB", () => {
    const { data } = encodeAttentionTrace(sampleTrace());
    const K = 100_000;
    const tokens = Array.from({ length: 1024 }, () => "a");
    const huge = {
      ...data,
      tokens,
      solver: { ...data.solver, maxIterations: K },
      outcome: { ...data.outcome, iterations: K },
      omissions: [{ what: "iterations", kept: 4, of: K, reason: "test" }],
      frames: { ...data.frames, weights: { dtype: "float32", shape: [4, 2, 1024, 1024], buffer: 0 } },
      residuals: {
        absolute: { dtype: "float64", shape: [K], buffer: 1 },
        relative: { dtype: "float64", shape: [K], buffer: 1 },
        perToken: { dtype: "float32", shape: [K, 1024], buffer: 2 },
      },
    };
    const received = [new ArrayBuffer(4 * 4 * 2 * 1024 * 1024), new ArrayBuffer(8 * K)];
    assert.throws(() => decodeAttentionTrace(huge, received), {
      name: "TraceTooLargeError",
      message: /^residuals.perToken with shape \[100000, 1024\] brings the trace over 256 MiB/,
    });
  });
});
