/** A made-up but consistent tape trace of any size, for tests of the format itself. */
import { TAPE_VERSION, TapeFlag, type TapeTrace } from "cotangent/trace";

export function sampleTape({ nodes: N = 6 }: { nodes?: number } = {}): TapeTrace {
  const text = "const y = a * b;\nreturn y + a;";
  const offsets = Int32Array.from({ length: N + 1 }, (_, n) => Math.max(0, n - 2) * 2);
  const from = Int32Array.from({ length: offsets[N]! }, (_, e) =>
    e % 2 === 0 ? Math.floor(e / 2) : Math.floor(e / 2) + 1,
  );
  return {
    kind: "tape",
    version: TAPE_VERSION,
    producer: "test",
    title: "f",
    sources: [{ name: "Cell 1", text }],
    operations: ["input", "mul", "add"],
    nodes: {
      id: Int32Array.from({ length: N }, (_, n) => n),
      operation: Int32Array.from({ length: N }, (_, n) => (n < 2 ? 0 : 1 + (n % 2))),
      value: Float64Array.from({ length: N }, (_, n) => Math.sin(n)),
      adjoint: Float64Array.from({ length: N }, (_, n) => Math.cos(n)),
      flags: Int32Array.from({ length: N }, (_, n) =>
        n < 2 ? TapeFlag.input : n === N - 1 ? TapeFlag.output : 0,
      ),
      bytes: new Float64Array(N).fill(29),
      span: Int32Array.from({ length: 5 * N }, (_, i) => (i < 10 ? -1 : [0, 10, 15, 1, 10][i % 5]!)),
    },
    edges: { offsets, from, partial: Float64Array.from(from, (_, e) => e / 4) },
    inputs: [0, 1].filter((node) => node < N).map((node) => ({ node, path: ["a", "b"][node]! })),
    outputs: [{ node: N - 1, path: "result" }],
    seed: 0,
    tensors: [],
    guards: N > 3 ? [{ text: "%2 > 0", outcome: true, position: 3, source: 0, line: 2 }] : [],
    products: [],
    paths: null,
    findings: [{ node: N - 1, what: "It has a kink.", remedy: "Smooth it." }],
    omissions: [],
  };
}
