/** Broken, hostile and future ranks traces: the decoder's sentences, and its agreement with the JSON Schema. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { decodeRanksTrace, encodeRanksTrace, readTrace, TraceError } from "cotangent/trace";
import schema from "cotangent/schema/ranks.v1.schema.json" with { type: "json" };
import { sampleRanks } from "./sample.js";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

/** A good encoded trace in which the value at a path such as "layers.0.name" is replaced; `undefined` removes it. */
function broken(path: string, value: unknown): unknown {
  const data: unknown = JSON.parse(JSON.stringify(encodeRanksTrace(sampleRanks()).data));
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

const layer = { name: "w", kind: "outer", inputs: 8, outputs: 4, hasBias: true };
const failure = { site: 0, step: 0, message: "gone" };

/** What both the schema and the decoder refuse. */
const refusedByBoth: Case[] = [
  ["kind", "attention", "MalformedTraceError", /^kind should be one of "ranks", but it is "attention"/],
  ["version", 1, "MalformedTraceError", /^version should be a text like "1.0"/],
  ["version", "2.0", "NewerTraceError", /newer Cotangent \(format 2\.0\).*Update Cotangent/],
  ["producer", undefined, "MalformedTraceError", /^producer should be a text, but it is nothing/],
  ["method", "dAD", "MalformedTraceError", /^method should be an object/],
  ["method.name", "x".repeat(257), "TraceTooLargeError", /^method.name has 257 characters/],
  ["method.sends", 5, "MalformedTraceError", /^method.sends should be a text/],
  ["method.isExact", "yes", "MalformedTraceError", /^method.isExact should be true or false/],
  ["method.showsData", undefined, "MalformedTraceError", /^method.showsData/],
  ["method.theta", 1, "MalformedTraceError", /^method.theta should be a number from 0 to below 1/],
  ["method.theta", null, "MalformedTraceError", /^method.theta/],
  ["method.theta", -0.1, "MalformedTraceError", /^method.theta/],
  ["method.options", Array(65).fill("a = b"), "TraceTooLargeError", /^method.options has 65 entries/],
  ["method.notes", [7], "MalformedTraceError", /^method.notes\[0\] should be a text/],
  ["method.notes", ["x".repeat(1025)], "TraceTooLargeError", /^method.notes\[0\] has 1025 characters/],
  ["sites", [], "MalformedTraceError", /^sites should be a list of at least 1/],
  ["sites", Array(1025).fill("a"), "TraceTooLargeError", /^sites has 1025 entries; at most 1024/],
  ["sites.1", null, "MalformedTraceError", /^sites\[1\] should be a text, but it is null/],
  ["layers", {}, "MalformedTraceError", /^layers should be a list, but it is an object/],
  ["layers", [], "MalformedTraceError", /^layers should be a list of at least 1/],
  ["layers", Array(1025).fill(layer), "TraceTooLargeError", /^layers has 1025 entries/],
  [
    "layers.1.kind",
    "inner",
    "MalformedTraceError",
    /^layers\[1\].kind should be one of "outer", "raw", "data"/,
  ],
  ["layers.0.inputs", -1, "MalformedTraceError", /^layers\[0\].inputs should be a whole number/],
  ["layers.0.outputs", 1.5, "MalformedTraceError", /^layers\[0\].outputs/],
  ["layers.0.hasBias", 1, "MalformedTraceError", /^layers\[0\].hasBias should be true or false/],
  ["steps", 0, "MalformedTraceError", /^steps should be a whole number, 1 or more/],
  ["steps", 10_000_001, "TraceTooLargeError", /^steps has 10000001 steps/],
  ["recorded", [0, 1], "MalformedTraceError", /^recorded should be an object/],
  ["recorded.dtype", "float64", "MalformedTraceError", /^recorded.dtype should be "int32"/],
  ["rows", undefined, "MalformedTraceError", /^rows should be an object, but it is nothing/],
  ["loss.dtype", "float32", "MalformedTraceError", /^loss.dtype should be "float64"/],
  ["bytes", undefined, "MalformedTraceError", /^bytes should be an object/],
  ["bytes.upFormula", undefined, "MalformedTraceError", /^bytes.upFormula should be an object/],
  ["bytes.down.shape", [4, 2], "MalformedTraceError", /^bytes.down.shape should be a list of at least 3/],
  ["bytes.up.base64", "*".repeat(256), "MalformedTraceError", /^bytes.up.base64 is not base64/],
  ["bytes.up.base64", undefined, "MalformedTraceError", /^bytes.up has neither base64 nor buffer/],
  ["status", "asleep", "MalformedTraceError", /^status should be one of "running", "done", "stopped"/],
  ["factorRows.dtype", "float64", "MalformedTraceError", /^factorRows.dtype should be "int32"/],
  ["others", {}, "MalformedTraceError", /^others should be a list/],
  ["others.0.up", undefined, "MalformedTraceError", /^others\[0\].up should be an object/],
  ["spectra.of", "all", "MalformedTraceError", /^spectra.of should be one of "found", "gradient", "none"/],
  ["spectra.values.dtype", "toString", "MalformedTraceError", /^spectra.values.dtype/],
  [
    "spectra.values.shape",
    [4, 2, 3],
    "MalformedTraceError",
    /^spectra.values.shape should be a list of at least 4/,
  ],
  ["spectra.values.shape", [4, 2, 3, -5], "MalformedTraceError", /^spectra.values.shape/],
  ["effectiveRank", 3, "MalformedTraceError", /^effectiveRank should be an object/],
  ["stableRank.dtype", "float64", "MalformedTraceError", /^stableRank.dtype should be "float32"/],
  ["error.cosine", undefined, "MalformedTraceError", /^error.cosine should be an object/],
  ["measures", undefined, "MalformedTraceError", /^measures should be a list/],
  ["measures.0.name", 3, "MalformedTraceError", /^measures\[0\].name/],
  ["failures.0.site", -1, "MalformedTraceError", /^failures\[0\].site/],
  ["failures", Array(1025).fill(failure), "TraceTooLargeError", /^failures has 1025 entries/],
  ["omissions", [{ what: "steps" }], "MalformedTraceError", /^omissions\[0\].of/],
];

/** What only the decoder can see, because two fields contradict each other. */
const refusedByDecoder: Case[] = [
  ["sites", ["a", "b"], "MalformedTraceError", /^bytes|^rows.shape is \[4, 3\], but .* \[4, 2\]/],
  ["layers", [layer], "MalformedTraceError", /shape is \[4, 2, 3.*needs \[4, 1, 3/],
  ["steps", 3, "MalformedTraceError", /^recorded\[3\] is 3; the entries should ascend within 0 to 2/],
  ["steps", 9, "MalformedTraceError", /^recorded holds 4 of 9 steps, but omissions does not say so/],
  ["recorded", int32(), "MalformedTraceError", /^recorded is empty/],
  ["recorded", int32(0, 2, 1, 3), "MalformedTraceError", /^recorded\[2\] is 1; .* ascend/],
  ["recorded.shape", [1e15], "TraceTooLargeError", /^recorded with shape .* 256 MiB/],
  [
    "spectra.of",
    "none",
    "MalformedTraceError",
    /^spectra.of is "none", but spectra.values holds 5 singular values/,
  ],
  [
    "spectra.values.shape",
    [4, 2, 3, 0],
    "MalformedTraceError",
    /^spectra.of is "found", but spectra.values holds 0/,
  ],
  ["spectra.values.shape", [4, 2, 3, 1025], "TraceTooLargeError", /^spectra.values has 1025 singular values/],
  [
    "spectra.values.shape",
    [4, 2, 3, 6],
    "MalformedTraceError",
    /^spectra.values.base64 holds 480 bytes, .* need 576/,
  ],
  ["measures.0.steps", int32(4), "MalformedTraceError", /^measures\[0\].steps\[0\] is 4; .* within 0 to 3/],
  ["measures.0.values.shape", [2], "MalformedTraceError", /^measures\[0\].values.shape is \[2\]/],
  ["factorRows.shape", [4, 2, 4], "MalformedTraceError", /^factorRows.shape is \[4, 2, 4\]/],
  ["others.0.values.shape", [1], "MalformedTraceError", /^others\[0\].values.shape is \[1\]/],
  ["failures.0.site", 3, "MalformedTraceError", /^failures\[0\].site is 3, but the sites run from 0 to 2/],
  ["failures.0.step", 5, "MalformedTraceError", /^failures\[0\].step is 5, but the run made 4 steps/],
  ["omissions", [{ what: "a", kept: 3, of: 2, reason: "" }], "MalformedTraceError", /claims to keep 3 of 2/],
];

function int32(...values: number[]) {
  const base64 = Buffer.from(Int32Array.from(values).buffer).toString("base64");
  return { dtype: "int32", shape: [values.length], base64 };
}

const titled = ([path, value]: Case) => {
  const shown = value === undefined ? "missing" : JSON.stringify(value);
  return `${path} ${shown.length > 48 ? `${shown.slice(0, 48)}…` : shown}`;
};

describe("the schema of a ranks trace", () => {
  it("accepts every trace that the library writes", () => {
    for (const arrays of ["base64", "buffers"] as const)
      for (const size of [{}, { steps: 1, layers: 1, sites: 1 }, { singularValues: 0 }]) {
        const { data } = encodeRanksTrace(sampleRanks(size), { arrays });
        assert.ok(validate(JSON.parse(JSON.stringify(data))), JSON.stringify(validate.errors));
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

describe("a broken ranks trace is refused", () => {
  for (const each of refusedByBoth) {
    const [path, value, name, message] = each;
    it(`by decoder and schema: ${titled(each)}`, () => {
      const data = broken(path, value);
      assert.throws(() => decodeRanksTrace(data), { name, message });
      assert.equal(validate(data), false);
    });
  }

  for (const each of refusedByDecoder) {
    const [path, value, name, message] = each;
    it(`by the decoder: ${titled(each)}`, () => {
      assert.throws(() => decodeRanksTrace(broken(path, value)), { name, message });
    });
  }

  it("when it is not an object at all", () => {
    for (const data of [undefined, null, 7, "trace", [], () => 0])
      assert.throws(() => decodeRanksTrace(data), {
        name: "MalformedTraceError",
        message: /^the trace should be/,
      });
  });

  it("with a sentence, whatever stands wherever", () => {
    const paths = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [path + key, ...paths(inner, `${path}${key}.`)])
        : [];
    const everywhere = paths(encodeRanksTrace(sampleRanks()).data, "");
    fc.assert(
      fc.property(fc.constantFrom(...everywhere), fc.jsonValue(), (path, value) => {
        try {
          decodeRanksTrace(broken(path, value));
        } catch (error) {
          assert.ok(error instanceof TraceError && error.message.length > 20, `${path}: ${String(error)}`);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("when its kind, or its fields, come from a prototype only", () => {
    const inherited: unknown = Object.create(encodeRanksTrace(sampleRanks()).data);
    assert.throws(() => readTrace(inherited), { name: "MalformedTraceError", message: /^kind should be/ });
  });

  it("when a buffer it names did not come", () => {
    const { data, buffers } = encodeRanksTrace(sampleRanks(), { arrays: "buffers" });
    assert.throws(() => decodeRanksTrace(data, buffers.slice(0, 1)), {
      name: "MalformedTraceError",
      message: "rows.buffer is 1, but 1 binary buffers came with the trace.",
    });
  });

  it("before memory is spent, when its claims add up to more than 256 MiB", () => {
    const { data } = encodeRanksTrace(sampleRanks());
    const array = (dtype: string, ...shape: number[]) => ({ dtype, shape, buffer: 0 });
    const T = 100_000;
    const huge = {
      ...data,
      steps: T,
      recorded: { dtype: "int32", shape: [T], buffer: 0 },
      rows: array("int32", T, 3),
      factorRows: undefined,
      loss: array("float64", T, 3),
      bytes: { up: array("float64", T, 2, 3), down: array("float64", T, 2, 3), upFormula: array("float64", T, 2, 3), downFormula: array("float64", T, 2, 3) }, // prettier-ignore
      spectra: { of: "found", values: array("float32", T, 2, 3, 1024) },
    };
    const steps = Int32Array.from({ length: T }, (_, t) => t);
    const spare = (bytes: number) => new ArrayBuffer(bytes);
    const received = [steps.buffer, spare(12 * T), spare(24 * T), spare(48 * T)];
    const numbered = JSON.parse(JSON.stringify(huge)) as typeof huge;
    numbered.rows.buffer = 1;
    numbered.loss.buffer = 2;
    for (const name of ["up", "down", "upFormula", "downFormula"] as const) numbered.bytes[name].buffer = 3;
    assert.throws(() => decodeRanksTrace(numbered, received), {
      name: "TraceTooLargeError",
      message: /^spectra.values with shape \[100000, 2, 3, 1024\] brings the trace over 256 MiB/,
    });
  });
});
