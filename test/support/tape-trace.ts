/** Tapes for tests of the view: of real functions, and large ones. */
import { inspect, inspectPaths, tensor, type Tensor } from "cotangent";
import { encodeTapeTrace, TAPE_VERSION, TapeFlag, type TapeTrace } from "cotangent/trace";
import { compiled } from "./compiled.js";

/** Plain JSON for the page. */
export const encodeTape = (trace: TapeTrace): Record<string, unknown> =>
  JSON.parse(JSON.stringify(encodeTapeTrace(trace).data)) as Record<string, unknown>;

const f = compiled<(x: number, y: number) => number>(`function f(x, y) { "use ad";
  const a = Math.sin(x) * y;
  const b = Math.max(a - 1, 0) + x * y;
  return Math.log(b) + a / y;
}`);

/** Eleven nodes, two inputs, a kink. */
export const smallTape = (): TapeTrace => inspect(f, 1.2, 2).trace;

const asian = compiled<
  (...args: never[]) => number
>(`function asian(spot, vol, rate, strike, shocks) { "use ad";
  const dt = 1 / shocks.length;
  const drift = (rate - vol * vol / 2) * dt;
  let s = spot;
  let sum = 0;
  for (const z of shocks) {
    s = s * Math.exp(drift + vol * Math.sqrt(dt) * z);
    sum = sum + s;
  }
  return Math.exp(-rate) * Math.max(sum / shocks.length - strike, 0);
}`);

/** Nodes of a loop, one iteration after the other. */
export const loopTape = (iterations = 12): TapeTrace =>
  inspect(asian as (...args: unknown[]) => number, 100, 0.2, 0.02, 90, Array.from({ length: iterations }, (_, i) => Math.sin(13 * i))).trace; // prettier-ignore

const mean = compiled<(...args: never[]) => number>(`function meanCall(spot, strike, shocks) { "use ad";
  let sum = 0;
  for (const z of shocks) sum += Math.max(spot * Math.exp(0.2 * z - 0.02) - strike, 0);
  return sum / shocks.length;
}`);

/** A call's price over paths: its Γ is 0 by AD. */
export const kinkTape = (): TapeTrace =>
  inspect(mean as (...args: unknown[]) => number, 100, 100, Array.from({ length: 41 }, (_, i) => (i - 20) / 10)).trace; // prettier-ignore

const one = compiled<(spot: number, strike: number, z: number) => number>(
  `function onePath(spot, strike, z) { "use ad"; return Math.max(spot * Math.exp(0.2 * z - 0.02) - strike, 0); }`,
);

/** A call on forty paths. */
export const pathsTape = (): TapeTrace =>
  inspectPaths(
    one,
    Array.from({ length: 40 }, (_, i) => [100, 95, (i - 20) / 8] as [number, number, number]),
  ).trace;

const numbers = (rows: number, columns: number, at: (i: number) => number): Tensor =>
  tensor(
    Float64Array.from({ length: rows * columns }, (_, i) => at(i)),
    [rows, columns],
    { dtype: "float64" },
  );

/** A net of two layers, the second of which is used twice: three products with weights that are inputs. */
export function productsTape(): TapeTrace {
  const weights = {
    first: numbers(12, 8, (i) => Math.sin(1 + 3.7 * i * i) / 3),
    second: numbers(8, 8, (i) => Math.cos(2 + 1.3 * i * i) / 3),
  };
  // Rows that decay, so that singular values do.
  const x = numbers(10, 12, (i) => Math.sin(1 + i * i) * 0.3 ** Math.floor(i / 12));
  const net = ({ first, second }: typeof weights) =>
    x.matmul(first).tanh().matmul(second).tanh().matmul(second).sum();
  return inspect(net as never, weights as never).trace;
}

const poisoned = compiled<(x: number, y: number) => number>(
  `function poisoned(x, y) { "use ad"; const root = Math.sqrt(x); return root * 0 + y * x; }`,
);
export const poisonedTape = (): TapeTrace => inspect(poisoned, 0, 2).trace;

/** A made-up tape of N nodes, two operands each from among those before, which nothing folds. */
export function largeTape(N: number): TapeTrace {
  let state = 12345;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const offsets = Int32Array.from({ length: N + 1 }, (_, n) => Math.max(0, n - 4) * 2);
  const from = new Int32Array(offsets[N]!);
  for (let n = 4; n < N; n++)
    for (let k = 0; k < 2; k++) from[offsets[n]! + k] = n - 1 - random(Math.min(n, 400));
  const numbers = (scale: number) => Float64Array.from({ length: N }, () => (random(2000) - 1000) / scale);
  return {
    kind: "tape",
    version: TAPE_VERSION,
    producer: "test",
    title: "large",
    sources: [],
    operations: ["input", "mul", "add", "sin", "sub"],
    nodes: {
      id: Int32Array.from({ length: N }, (_, n) => n),
      operation: Int32Array.from({ length: N }, (_, n) => (n < 4 ? 0 : 1 + random(4))),
      value: numbers(100),
      adjoint: numbers(1000),
      flags: Int32Array.from({ length: N }, (_, n) =>
        n < 4 ? TapeFlag.input : n === N - 1 ? TapeFlag.output : 0,
      ),
      bytes: new Float64Array(N).fill(29),
      span: new Int32Array(5 * N).fill(-1),
    },
    edges: { offsets, from, partial: Float64Array.from(from, () => (random(200) - 100) / 100) },
    inputs: [0, 1, 2, 3].map((node) => ({ node, path: `x${node}` })),
    outputs: [{ node: N - 1, path: "result" }],
    seed: 0,
    tensors: [],
    guards: [],
    findings: [],
    products: [],
    paths: null,
    omissions: [],
  };
}
