/** Tape traces: through the codec and back, bounded, and refused with a sentence where they are broken or hostile. */
import assert from "node:assert/strict";

import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";

import {
  boundTapeTrace,
  decodeTapeTrace,
  encodeTapeTrace,
  readTrace,
  TAPE_MIME,
  tapeEncodedSize,
  type TapeProduct,
  TraceError,
  type TapeTrace,
} from "cotangent/trace";
import schema from "cotangent/schema/tape.v1.schema.json" with { type: "json" };
import { sampleTape } from "./sample.js";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
const throughJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data));
const anyFloat = fc.double({ noDefaultInfinity: false, noNaN: false });

const kink = {
  node: 2,
  what: "max",
  isBranch: false,
  paths: 9,
  spread: 2,
  below: 4,
  above: 5,
  within: [1, 3],
};

/** A [5, 3], Δ [5, 2]. */
const product: TapeProduct = {
  node: 3,
  weight: 1,
  rows: 5,
  inputs: 3,
  outputs: 2,
  isTransposed: false,
  spectra: { input: Float64Array.of(3, 2, 0), delta: Float64Array.of(2, 2), gradient: Float64Array.of(6, 1) },
  why: "",
};

const anyTrace: fc.Arbitrary<TapeTrace> = fc.integer({ min: 2, max: 30 }).chain((N) =>
  fc.record({
    trace: fc.constant(sampleTape({ nodes: N })),
    value: fc.array(anyFloat, { minLength: N, maxLength: N }),
    title: fc.string({ unit: "grapheme", maxLength: 40 }),
    path: fc.string({ unit: "grapheme", maxLength: 20 }),
  }),
).map(({ trace, value, title, path }) => ({ ...trace, title, nodes: { ...trace.nodes, value: Float64Array.from(value) }, outputs: [{ ...trace.outputs[0]!, path }] })); // prettier-ignore

describe("a tape trace", () => {
  it("survives the round trip through JSON, NaN and infinities included, and the schema accepts it", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { data, buffers } = encodeTapeTrace(trace);
        assert.deepEqual(buffers, []);
        assert.deepEqual(decodeTapeTrace(throughJson(data)), trace);
        assert.ok(validate(throughJson(data)), JSON.stringify(validate.errors));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("survives the round trip through binary buffers, and through the entry for all kinds", () => {
    const trace = sampleTape({ nodes: 20 });
    const { data, buffers } = encodeTapeTrace(trace, { arrays: "buffers" });
    assert.deepEqual(readTrace(throughJson(data), { buffers, mimeType: TAPE_MIME }), trace);
  });

  it("describes every field in its schema", () => {
    const visit = (inside: Record<string, unknown>, path: string): void => {
      for (const [name, property] of Object.entries(
        (inside["properties"] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        assert.ok("description" in property, `${path}.${name}`);
        if (!property["$ref"]) visit(property, `${path}.${name}`);
      }
    };
    visit(schema, "trace");
  });

  it("has the paths of a simulation, as decoder and schema take them, and no broken ones", () => {
    const trace = sampleTape();
    const [N, E] = [trace.nodes.id.length, trace.edges.from.length];
    const of = (width: number) => Float32Array.from({ length: 3 * width }, (_, i) => (i === 1 ? NaN : i));
    const paths = {
      count: 3,
      shown: 1,
      value: of(N),
      adjoint: of(N),
      partial: of(E),
      fractions: [0.1, 0.5],
      kinks: [kink],
    };
    const data = throughJson(encodeTapeTrace({ ...trace, paths }).data) as { paths: object };
    assert.deepEqual(decodeTapeTrace(data), { ...trace, paths });
    assert.ok(validate(data), JSON.stringify(validate.errors));
    const other = (more: object) => () => decodeTapeTrace({ ...data, paths: { ...data.paths, ...more } });
    assert.throws(other({ shown: 3 }), { name: "MalformedTraceError", message: /^paths.shown is 3, but there are 3 paths/ }); // prettier-ignore
    assert.throws(other({ count: 4 }), { name: "MalformedTraceError", message: /^paths.value.shape is/ });
    assert.throws(other({ count: 1e9 }), { name: "TraceTooLargeError", message: /^paths.count has 1000000000 paths/ }); // prettier-ignore
    for (const [more, message] of [
      [
        { fractions: [0.5, 0.1] },
        /^paths.fractions\[1\] should be a finite number above 0 and above the one before it/,
      ],
      [{ fractions: [NaN, 1] }, /^paths.fractions\[0\]/],
      [{ kinks: {} }, /^paths.kinks should be a list/],
      [
        { kinks: [{ ...kink, node: N }] },
        /^paths.kinks\[0\].node should be −1 or the place of one of the 6 nodes/,
      ],
      [{ kinks: [{ ...kink, spread: -1 }] }, /^paths.kinks\[0\].spread should be a finite number, 0 or more/],
      [{ kinks: [{ ...kink, paths: 0 }] }, /^paths.kinks\[0\].paths should be a whole number, 1 or more/],
      [{ kinks: [{ ...kink, below: 6 }] }, /^paths.kinks\[0\] has 6 below and 5 above, but 9 paths/],
      [{ kinks: [{ ...kink, within: [1] }] }, /^paths.kinks\[0\].within should be a list of at least 2/],
      [
        { kinks: [{ ...kink, within: [3, 1] }] },
        /^paths.kinks\[0\].within\[1\] should be a whole number, 3 or more/,
      ],
      [
        { kinks: [{ ...kink, within: [3, 99] }] },
        /^paths.kinks\[0\].within\[1\] is 99, but there are 9 paths/,
      ],
    ] as const)
      assert.throws(other(more), { name: "MalformedTraceError", message });
    assert.throws(other({ kinks: Array(257).fill(kink) }), {
      name: "TraceTooLargeError",
      message: /^paths.kinks has 257/,
    });
    assert.throws(other({ value: null }), { name: "MalformedTraceError", message: /^paths.value should be an object/ }); // prettier-ignore
  });

  it("of version 1.0 has no findings, of 1.1 no products, and is read", () => {
    const { findings: _, products: __, ...older } = encodeTapeTrace({ ...sampleTape(), version: "1.0" }).data;
    const { findings, products } = decodeTapeTrace(throughJson(older));
    assert.deepEqual([findings, products], [[], []]);
  });

  it("has products with weights, with and without singular values, as decoder and schema take them", () => {
    const trace = {
      ...sampleTape(),
      products: [product, { ...product, node: -1, spectra: null, why: "too large" }],
    };
    const data = throughJson(encodeTapeTrace(trace).data);
    assert.deepEqual(decodeTapeTrace(data), trace);
    assert.ok(validate(data), JSON.stringify(validate.errors));
    const { data: lean, buffers } = encodeTapeTrace(trace, { arrays: "buffers" });
    assert.deepEqual(decodeTapeTrace(throughJson(lean), buffers), trace);
  });

  it("keeps a finding whose node was left out, about no node", () => {
    const trace = sampleTape({ nodes: 2000 });
    const of = (node: number) => ({ node, what: "It has a kink.", remedy: "" });
    const { findings, nodes } = boundTapeTrace({ ...trace, findings: [of(5), of(1999), of(-1)] }, 30_000);
    assert.deepEqual(findings.map(({ node }) => node), [-1, nodes.id.length - 1, -1]); // prettier-ignore
  });

  it("ignores fields that it does not know", () => {
    const { data } = encodeTapeTrace(sampleTape());
    assert.deepEqual(
      decodeTapeTrace(throughJson({ ...data, more: 1, nodes: { ...data.nodes, colour: "red" } })),
      sampleTape(),
    );
  });

  it("keeps texts as texts, whatever they say", () => {
    const title = "<img src=x onerror=alert(1)>";
    assert.equal(decodeTapeTrace(encodeTapeTrace({ ...sampleTape(), title }).data).title, title);
  });
});

describe("the size bound of a tape trace", () => {
  it("leaves a trace alone that fits", () => {
    const trace = sampleTape();
    assert.equal(boundTapeTrace(trace), trace);
  });

  it("keeps the inputs and the last nodes, says so, and what is left can be read", () => {
    const trace = sampleTape({ nodes: 2000 });
    for (const maxBytes of [100_000, 30_000, 6_000]) {
      const bounded = boundTapeTrace(trace, maxBytes);
      const size = tapeEncodedSize(bounded);
      assert.ok(size <= maxBytes && size > 0.85 * maxBytes, `${size} of ${maxBytes}`);
      assert.deepEqual(decodeTapeTrace(throughJson(encodeTapeTrace(bounded).data)), bounded);
      const { id } = bounded.nodes;
      assert.deepEqual([id[0], id[1], id.at(-1)], [0, 1, 1999]);
      assert.equal(id[2]! + id.length - 3, 1999);
      assert.deepEqual(bounded.outputs, [{ node: id.length - 1, path: "result" }]);
      assert.deepEqual(bounded.omissions.map(({ what, kept, of }) => [what, kept, of]), [["nodes", id.length, 2000]]); // prettier-ignore
      // The first node that is kept has lost its inputs, the last has not.
      const { offsets, from, partial } = bounded.edges;
      assert.equal(from[offsets[2]!], -1);
      assert.equal(id[from[offsets[id.length - 1]!]!], 1997);
      assert.equal(partial.at(-1), trace.edges.partial.at(-1));
      assert.equal(bounded.nodes.value.at(-1), trace.nodes.value.at(-1));
    }
    assert.equal(boundTapeTrace(boundTapeTrace(trace, 30_000), 10_000).omissions[0]!.of, 2000);
  });

  it("refuses where not even the inputs fit", () => {
    assert.throws(() => boundTapeTrace(sampleTape({ nodes: 100 }), 500), {
      name: "TraceTooLargeError",
      message: /inputs and outputs of this tape alone/,
    });
  });
});

/** A good encoded trace in which the value at a path such as "inputs.0.path" is replaced; `undefined` removes it. */
function broken(path: string, value: unknown): unknown {
  const data = throughJson(encodeTapeTrace({ ...sampleTape(), products: [product] }).data);
  const keys = path.split(".");
  let at = data as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[keys.at(-1)!];
  else at[keys.at(-1)!] = value;
  return data;
}
const int32 = (...values: number[]) => ({
  dtype: "int32",
  shape: [values.length],
  base64: Buffer.from(Int32Array.from(values).buffer).toString("base64"),
});
const float64 = (...values: number[]) => ({
  dtype: "float64",
  shape: [values.length],
  base64: Buffer.from(Float64Array.from(values).buffer).toString("base64"),
});

type Case = [path: string, value: unknown, name: string, message: RegExp];
const refusedByBoth: Case[] = [
  ["kind", "ranks", "MalformedTraceError", /^kind should be one of "tape"/],
  ["version", "2.0", "NewerTraceError", /newer Cotangent \(format 2\.0\)/],
  ["title", undefined, "MalformedTraceError", /^title should be a text, but it is nothing/],
  ["title", "x".repeat(257), "TraceTooLargeError", /^title has 257 characters/],
  ["sources.0.text", 5, "MalformedTraceError", /^sources\[0\].text should be a text/],
  ["sources", Array(257).fill({ name: "a", text: "" }), "TraceTooLargeError", /^sources has 257 entries/],
  ["operations", Array(4097).fill("a"), "TraceTooLargeError", /^operations has 4097 entries/],
  ["operations.0", 7, "MalformedTraceError", /^operations\[0\] should be a text/],
  ["nodes", [], "MalformedTraceError", /^nodes should be an object/],
  ["nodes.adjoint", undefined, "MalformedTraceError", /^nodes.adjoint should be an object/],
  ["nodes.value.dtype", "float16", "MalformedTraceError", /^nodes.value.dtype should be "float64"/],
  ["edges.from", 3, "MalformedTraceError", /^edges.from should be an object/],
  ["inputs.0.path", null, "MalformedTraceError", /^inputs\[0\].path should be a text/],
  ["outputs.0.node", -1, "MalformedTraceError", /^outputs\[0\].node should be a whole number/],
  ["seed", -2, "MalformedTraceError", /^seed should be −1 or the number of one of the 1 outputs/],
  ["tensors", [{ node: 0, dtype: "float32", shape: [-1] }], "MalformedTraceError", /^tensors\[0\].shape/],
  ["guards.0.outcome", "yes", "MalformedTraceError", /^guards\[0\].outcome should be true or false/],
  ["findings.0.what", 5, "MalformedTraceError", /^findings\[0\].what should be a text/],
  [
    "findings",
    Array(257).fill({ node: -1, what: "a", remedy: "" }),
    "TraceTooLargeError",
    /^findings has 257/,
  ],
  ["products", Array(257).fill({}), "TraceTooLargeError", /^products has 257 entries/],
  ["products.0.node", -2, "MalformedTraceError", /^products\[0\].node should be −1 or the place of one of the 6 nodes/], // prettier-ignore
  ["products.0.rows", -5, "MalformedTraceError", /^products\[0\].rows should be a whole number, 0 or more/],
  [
    "products.0.isTransposed",
    1,
    "MalformedTraceError",
    /^products\[0\].isTransposed should be true or false/,
  ],
  ["products.0.why", undefined, "MalformedTraceError", /^products\[0\].why should be a text/],
  ["products.0.spectra", 4, "MalformedTraceError", /^products\[0\].spectra should be an object/],
  [
    "products.0.spectra.delta",
    null,
    "MalformedTraceError",
    /^products\[0\].spectra.delta should be an object/,
  ],
  ["omissions", [{ what: "nodes" }], "MalformedTraceError", /^omissions\[0\]/],
];
const refusedByDecoder: Case[] = [
  ["nodes.id.shape", [1e9], "TraceTooLargeError", /^nodes.id has 1000000000 nodes; at most 2000000/],
  ["edges.from.shape", [1e9], "TraceTooLargeError", /^edges.from has 1000000000 edges/],
  [
    "nodes.id",
    int32(0, 1, 2, 2, 4, 5),
    "MalformedTraceError",
    /^nodes.id\[3\] is 2; the entries should ascend/,
  ],
  [
    "nodes.operation",
    int32(0, 0, 1, 1, 3, 1),
    "MalformedTraceError",
    /^nodes.operation\[4\] is 3; .* within 0 and 2/,
  ],
  [
    "nodes.value",
    float64(1, 2),
    "MalformedTraceError",
    /^nodes.value.shape is \[2\], but the rest of the trace needs \[6\]/,
  ],
  ["nodes.value.base64", "AAAA", "MalformedTraceError", /^nodes.value.base64 holds 3 bytes/],
  [
    "edges.offsets",
    int32(0, 0, 0, 2, 1, 6, 8),
    "MalformedTraceError",
    /^edges.offsets\[4\] is 1; the entries should not fall/,
  ],
  [
    "edges.offsets",
    int32(0, 0, 0, 2, 4, 6, 9),
    "MalformedTraceError",
    /^edges.offsets should run from 0 to 8/,
  ],
  ["edges.offsets", int32(0, 0, 99, 2, 4, 6, 8), "MalformedTraceError", /^edges.offsets\[2\] is 99/],
  [
    "edges.from",
    int32(0, 1, 3, 2, 2, 3, 3, 4),
    "MalformedTraceError",
    /^edges.from\[2\] is 3; an input of node 3 comes before it/,
  ],
  ["edges.from", int32(0, -2, 1, 2, 2, 3, 3, 4), "MalformedTraceError", /^edges.from\[1\] is -2/],
  ["inputs.0.node", 6, "MalformedTraceError", /^inputs\[0\].node is 6, but there are 6 nodes/],
  ["seed", 1, "MalformedTraceError", /^seed should be/],
  ["sources", [], "MalformedTraceError", /^nodes.span\[2\] is in source 0, but there are 0/],
  [
    "sources.0.text",
    "short",
    "MalformedTraceError",
    /^nodes.span\[2\] runs from 10 to 15 in a source of 5 characters/,
  ],
  ["guards.0.position", 7, "MalformedTraceError", /^guards\[0\].position is 7, but there are 6 nodes/],
  ["findings.0.node", 6, "MalformedTraceError", /^findings\[0\].node is 6, but there are 6 nodes/],
  [
    "products.0.weight",
    6,
    "MalformedTraceError",
    /^products\[0\].weight should be −1 or the place of one of/,
  ],
  [
    "products.0.inputs",
    2,
    "MalformedTraceError",
    /^products\[0\].spectra.input.shape is \[3\], but .* needs \[2\]/,
  ],
  [
    "products.0.spectra.input",
    float64(3, NaN, 0),
    "MalformedTraceError",
    /^products\[0\].spectra.input\[1\] is NaN/,
  ],
  [
    "products.0.spectra.input",
    float64(3, 2, -1),
    "MalformedTraceError",
    /^products\[0\].spectra.input\[2\] is -1/,
  ],
  [
    "products.0.spectra.delta",
    float64(1, 2),
    "MalformedTraceError",
    /delta\[1\] is 2; .* the largest comes first/,
  ],
  [
    "products.0.spectra.delta",
    float64(Infinity, 2),
    "MalformedTraceError",
    /delta\[0\] is Infinity; .* finite/,
  ],
  [
    "products.0.spectra.gradient",
    float64(6),
    "MalformedTraceError",
    /^products\[0\].spectra.gradient.shape is \[1\]/,
  ],
  ["guards.0.source", 1, "MalformedTraceError", /^guards\[0\].source should be/],
];

describe("a broken tape trace is refused", () => {
  for (const [path, value, name, message] of refusedByBoth)
    it(`by decoder and schema: ${path} ${String(JSON.stringify(value)).slice(0, 40)}`, () => {
      assert.throws(() => decodeTapeTrace(broken(path, value)), { name, message });
      assert.equal(validate(broken(path, value)), false);
    });
  for (const [path, value, name, message] of refusedByDecoder)
    it(`by the decoder: ${path} ${JSON.stringify(value).slice(0, 40)}`, () => {
      assert.throws(() => decodeTapeTrace(broken(path, value)), { name, message });
    });
  it("by the decoder: more singular values than it accepts, before any is read", () => {
    const data = throughJson(encodeTapeTrace({ ...sampleTape(), products: [product] }).data) as {
      products: object[];
    };
    const products = [{ ...data.products[0], rows: 4e9, inputs: 4e9, outputs: 4e9 }];
    assert.throws(() => decodeTapeTrace({ ...data, products }), {
      name: "TraceTooLargeError",
      message: /^products\[0\].spectra.input has 4000000000 singular values; at most 1024/,
    });
  });
  it("with a sentence, whatever stands wherever", () => {
    const paths = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [path + key, ...paths(inner, `${path}${key}.`)])
        : [];
    const everywhere = paths(encodeTapeTrace({ ...sampleTape(), products: [product] }).data, "");
    fc.assert(
      fc.property(fc.constantFrom(...everywhere), fc.jsonValue(), (path, value) => {
        try {
          decodeTapeTrace(broken(path, value));
        } catch (error) {
          assert.ok(error instanceof TraceError && error.message.length > 20, `${path}: ${String(error)}`);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
