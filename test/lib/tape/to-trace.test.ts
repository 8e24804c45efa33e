/** A tape as a trace: enough to reproduce its adjoints without the library; and what it costs, line by line. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { grad, ops, record, tensor, type Tensor } from "cotangent";
import { decodeTapeTrace, encodeTapeTrace, TapeFlag, type TapeTrace } from "cotangent/trace";
import { compiled as compiledIn } from "../../support/compiled.js";

const compiled = <T>(expression: string): T => compiledIn<T>(expression, 4);

/** The reverse sweep from the trace alone. */
function swept({ nodes, edges, outputs, seed }: TapeTrace): Float64Array {
  const adjoints = new Float64Array(nodes.id.length);
  if (seed >= 0) adjoints[outputs[seed]!.node] = 1;
  for (let node = nodes.id.length - 1; node >= 0; node--)
    for (let edge = edges.offsets[node]!; edge < edges.offsets[node + 1]!; edge++)
      if (adjoints[node] !== 0) adjoints[edges.from[edge]!]! += adjoints[node]! * edges.partial[edge]!;
  return adjoints;
}

const price = compiled<(m: { spot: number; strike: number }, vol: number) => number>(`(m, vol) => { "use ad";
  const grown = m.spot * Math.exp(vol);
  if (grown > m.strike)
    return Math.max(grown - m.strike, 0) * 2;
  return Math.floor(vol) + 0 * grown;
}`);

describe("a tape's trace", () => {
  it("has values, adjoints, partials, names and places", () => {
    const trace = record(price, { spot: 100, strike: 90 }, 0.1).toTrace({ title: "price" });
    assert.equal(trace.title, "price");
    assert.deepEqual(trace.inputs.map(({ path }) => path), ["argument0.spot", "argument0.strike", "argument1"]); // prettier-ignore
    assert.deepEqual(trace.operations, ["input", "exp", "mul", "sub", "max"]);
    const names = Array.from(trace.nodes.operation, (at) => trace.operations[at]);
    assert.deepEqual(names, ["input", "input", "input", "exp", "mul", "sub", "max", "mul"]);
    assert.deepEqual(trace.guards, [{ text: "%4 > %1", outcome: true, position: 5, source: 0, line: 3 }]);
    assert.equal(trace.sources[0]!.name, "Cell 4");
    const [source, start, end, line] = trace.nodes.span.subarray(5 * 4, 5 * 4 + 4);
    assert.deepEqual([trace.sources[source!]!.text.slice(start, end), line], ["m.spot * Math.exp(vol)", 2]);
    assert.deepEqual(Array.from(trace.nodes.adjoint.subarray(0, 2)), [2 * Math.exp(0.1), -2]);
    assert.equal(trace.nodes.flags[0], TapeFlag.input);
    assert.equal(trace.nodes.flags[6], TapeFlag.kink);
    assert.equal(trace.nodes.flags[7], TapeFlag.output);
    assert.equal(trace.nodes.value[7], price({ spot: 100, strike: 90 }, 0.1));
    const near = record(price, { spot: 100, strike: 100 * Math.exp(0.1) * (1 - 1e-9) }, 0.1).toTrace();
    assert.equal(near.nodes.flags[6]! & TapeFlag.nearKink, TapeFlag.nearKink);
    const below = record(price, { spot: 10, strike: 90 }, 0.1).toTrace();
    const floor = Array.from(below.nodes.operation).findIndex((at) => below.operations[at] === "floor");
    assert.equal(below.nodes.flags[floor]! & TapeFlag.step, TapeFlag.step);
  });

  it("reproduces the adjoints of random programs from its partials alone, through JSON", () => {
    const leaf = fc.constantFrom("p[0]", "p[1]", "x", "2", "0.5");
    const { e } = fc.letrec((tie) => ({
      e: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc
          .tuple(tie("e"), fc.constantFrom("+", "-", "*", "/"), tie("e"))
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        fc.tuple(fc.constantFrom("sin", "exp", "tanh"), tie("e")).map(([f, a]) => `Math.${f}(${a})`),
      ),
    })) as { e: fc.Arbitrary<string> };
    const numbers = fc.tuple(
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(e, e, numbers, (first, second, at) => {
        const f = compiled<(p: number[]) => number>(
          `(p) => { "use ad"; let x = p[0] * p[1]; x = x + ${first}; return x * ${second} + p[1]; }`,
        );
        const trace = decodeTapeTrace(
          JSON.parse(JSON.stringify(encodeTapeTrace(record(f, at).toTrace()).data)),
        );
        const adjoints = swept(trace);
        trace.nodes.adjoint.forEach((want, node) => {
          const got = adjoints[node]!;
          assert.ok(
            Object.is(got, want) ||
              got === want ||
              Math.abs(got - want) <= 1e-12 * Math.abs(want) ||
              !Number.isFinite(want),
            `${node}: ${got} ${want}`,
          );
        });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("has the adjoints of the output that is asked for", () => {
    const f = compiled<(x: number) => { a: number; b: number; c: number }>(
      '(x) => { "use ad"; return { a: 3, b: x * x, c: x * 5 }; }',
    );
    const tape = record(f, 2);
    assert.deepEqual(tape.toTrace({ output: 1 }).nodes.adjoint[0], 4);
    const third = tape.toTrace({ output: 2 });
    assert.deepEqual(
      [third.nodes.adjoint[0], third.seed, third.outputs.map(({ path }) => path)],
      [5, 1, ["result.b", "result.c"]],
    );
    assert.equal(tape.toTrace({ output: 0 }).seed, -1);
    assert.throws(() => tape.toTrace({ output: 3 }), { name: "OptionError" });
    assert.throws(() => tape.toTrace({ outptu: 0 } as never), {
      name: "UnknownOptionError",
      message: /output/,
    });
  });

  it("names tensors and calls, with their shapes", () => {
    const f = (p: { w: Tensor; s: number }) => ops.mul(ops.tanh(p.w.matmul(p.w)).sum(), p.s as never);
    const trace = record(f as never, { w: tensor([[1, 2], [3, 4]]), s: 2 } as never).toTrace(); // prettier-ignore
    assert.deepEqual(trace.tensors.filter(({ shape }) => shape.length === 2).length, 3);
    assert.ok(trace.operations.includes("matmul"));
    const matmul = Array.from(trace.nodes.operation).findIndex((at) => trace.operations[at] === "matmul");
    assert.equal(trace.nodes.flags[matmul], TapeFlag.call);
    assert.ok(Number.isNaN(trace.nodes.value[matmul]!));
    assert.equal(trace.nodes.bytes[matmul + 1], 29 + 16);
    assert.deepEqual(decodeTapeTrace(JSON.parse(JSON.stringify(encodeTapeTrace(trace).data))), trace);
    assert.ok(grad(f as never)({ w: tensor([[1, 2], [3, 4]]), s: 2 } as never)); // prettier-ignore
  });
});

describe("bytes by line", () => {
  it("say what each line of the source costs", () => {
    const f = compiled<(x: number) => number>(`(x) => { "use ad";
  let s = x;
  for (let i = 0; i < 10; i++)
    s = s * x + Math.sin(s);
  return s * 2;
}`);
    assert.equal(
      String(record(f, 0.5).bytesByLine()),
      `bytes  nodes  where                                    line
  870     30  Cell 4, line 4                           s = s * x + Math.sin(s);
   29      1  (inputs, and what was not instrumented)
   29      1  Cell 4, line 5                           return s * 2;`,
    );
  });
});
