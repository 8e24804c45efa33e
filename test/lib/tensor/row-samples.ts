/** One or more calls for every row of the table of operations on tensors: seeded arguments on any engine, and parameters. */
import {
  type Dtype,
  type Engine,
  type OuterProduct,
  philox,
  tensor,
  type Tensor,
} from "../../../lib/src/index.js";

export interface Sample {
  readonly x: readonly Tensor[];
  readonly p?: unknown;
}

/** Makes arguments of a dtype on an engine. */
export interface Draw {
  /** Uniform between two numbers. */
  (low: number, high: number, ...shape: number[]): Tensor;
  readonly index: (rows: number, ...shape: number[]) => Tensor;
  readonly numbers: (values: readonly number[], ...shape: number[]) => Tensor;
}

export function drawing(seed: number, dtype: Dtype, engine: Engine): Draw {
  const stream = philox(seed);
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const numbers = (values: readonly number[], ...shape: number[]) =>
    tensor([...values], shape, { dtype, engine });
  const draw = (low: number, high: number, ...shape: number[]) =>
    numbers(
      [...stream.uniforms(size(shape))].map((u) => low + (high - low) * u),
      ...shape,
    );
  const index = (rows: number, ...shape: number[]) =>
    tensor(
      [...stream.uniforms(size(shape))].map((u) => Math.floor(rows * u)),
      shape,
      { dtype: "int32", engine },
    );
  return Object.assign(draw, { index, numbers });
}

type Make = (draw: Draw) => readonly Sample[];

/** A function of one argument on an interval, in three layouts. */
const on =
  (low: number, high: number): Make =>
  (draw) => [
    { x: [draw(low, high, 3, 5)] },
    { x: [draw(low, high, 4, 3).transpose()] },
    { x: [draw(low, high)] },
  ];

/** A function of two arguments, with and without broadcasting. */
const both =
  (a: readonly [number, number], b: readonly [number, number]): Make =>
  (draw) => [
    { x: [draw(...a, 2, 3), draw(...b, 2, 3)] },
    { x: [draw(...a, 2, 3), draw(...b)] },
    { x: [draw(...a, 3), draw(...b, 4, 3)] },
    { x: [draw(...a, 2, 1, 3), draw(...b, 4, 1)] },
  ];

const anywhere = both([-2, 2], [-2, 2]);
/** Away from the integers, where nothing jumps. */
const between = on(0.1, 0.9);

const reduced: Make = (draw) => [
  { x: [draw(-2, 2, 3, 4)], p: [1] },
  { x: [draw(-2, 2, 3, 4)], p: [0] },
  { x: [draw(-2, 2, 2, 3, 4).transpose()], p: [0, 2] },
  { x: [draw(-2, 2, 5)], p: [0] },
];

const symmetric = (draw: Draw, batch: number[], n: number): Tensor => {
  const a = draw(-1, 1, ...batch, n, n);
  const identity = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return a.matmul(a.T).add(draw.numbers(identity, n, n));
};
const lower = (draw: Draw, ...shape: number[]): Tensor => {
  const n = shape.at(-1)!;
  const identity = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 2 : 0));
  return draw(-1, 1, ...shape).add(draw.numbers(identity, n, n));
};

export const samples: Readonly<Record<string, Make>> = {
  neg: on(-2, 2), abs: on(0.1, 2), sign: between, floor: between, ceil: between, round: on(0.1, 0.4), trunc: between,
  step: between, square: on(-2, 2), reciprocal: on(0.3, 2), sqrt: on(0.3, 2), rsqrt: on(0.3, 2), exp: on(-2, 2),
  expm1: on(-1, 1), log: on(0.3, 3), log1p: on(-0.5, 2), log2: on(0.3, 3), log10: on(0.3, 3), sin: on(-3, 3),
  cos: on(-3, 3), tan: on(-1, 1), tanh: on(-2, 2), sinh: on(-2, 2), cosh: on(-2, 2), asin: on(-0.8, 0.8),
  acos: on(-0.8, 0.8), atan: on(-2, 2), asinh: on(-2, 2), acosh: on(1.2, 3), atanh: on(-0.8, 0.8), cbrt: on(0.3, 2),
  fround: on(-2, 2), sigmoid: on(-3, 3), softplus: on(-3, 3), relu: on(0.1, 2), erf: on(-2, 2), erfc: on(-2, 2),
  normalCdf: on(-2, 2), gelu: on(-3, 3), silu: on(-3, 3),
  add: anywhere, sub: anywhere, mul: anywhere, div: both([-2, 2], [0.5, 2]), pow: both([0.3, 2], [-2, 2]),
  max: both([0, 1], [1.1, 2]), min: both([0, 1], [1.1, 2]), mod: both([2.1, 2.9], [1, 1.02]),
  atan2: both([0.3, 2], [0.3, 2]), hypot: both([0.3, 2], [0.3, 2]),
  lt: anywhere, le: anywhere, gt: anywhere, ge: anywhere, eq: anywhere, ne: anywhere,
  where: (draw) => [
    { x: [draw.numbers([1, 0, 0, 1, 1, 0], 2, 3), draw(-2, 2, 2, 3), draw(-2, 2, 3)] },
    { x: [draw.numbers([0, 1], 2, 1), draw(-2, 2), draw(-2, 2, 2, 3)] },
  ],
  reshape: (draw) => [
    { x: [draw(-2, 2, 3, 4)], p: [2, 6] },
    { x: [draw(-2, 2, 3, 4).transpose()], p: [12] },
    { x: [draw(-2, 2).broadcastTo([2, 2])], p: [4] },
  ],
  transpose: (draw) => [{ x: [draw(-2, 2, 2, 3, 4)], p: [2, 0, 1] }],
  broadcastTo: (draw) => [{ x: [draw(-2, 2, 3, 1)], p: [2, 3, 4] }, { x: [draw(-2, 2)], p: [2, 2] }],
  slice: (draw) => [
    { x: [draw(-2, 2, 4, 5)], p: { shape: [2, 3], along: [[0, 2], [1, -1]], start: [1, 4] } },
    { x: [draw(-2, 2, 5, 4).transpose()], p: { shape: [5], along: [[1, 1]], start: [2, 0] } },
  ],
  windows: (draw) => [
    { x: [draw(-2, 2, 6)], p: { shape: [3, 3], along: [[0, 1], [0, 1]], start: [0] } },
    { x: [draw(-2, 2, 2, 5)], p: { shape: [2, 2, 3], along: [[0, 1], [1, 2], [1, 1]], start: [0, 0] } },
  ],
  place: (draw) => [
    { x: [draw(-2, 2, 2, 3)], p: { shape: [4, 6], window: { shape: [2, 3], along: [[0, 2], [1, 1]], start: [1, 2] } } },
    { x: [draw(-2, 2, 3, 3)], p: { shape: [6], window: { shape: [3, 3], along: [[0, 1], [0, 1]], start: [1] } } },
  ],
  concat: (draw) => [
    { x: [draw(-2, 2, 2, 3), draw(-2, 2, 2, 1), draw(-2, 2, 2, 2)], p: 1 },
    { x: [draw(-2, 2, 3, 2).transpose(), draw(-2, 2, 1, 3)], p: 0 },
  ],
  copy: (draw) => [{ x: [draw(-2, 2, 3, 4).transpose()] }],
  astype: (draw) => [{ x: [draw(-2, 2, 3, 4).transpose()], p: "float64" }],
  sum: reduced, maxOf: reduced, minOf: reduced, argmax: reduced, argmin: reduced, logSumExp: reduced,
  matmul: (draw) => [
    { x: [draw(-1, 1, 3, 4), draw(-1, 1, 4, 5)] },
    { x: [draw(-1, 1, 4, 3).transpose(), draw(-1, 1, 5, 4).transpose()] },
    { x: [draw(-1, 1, 2, 3, 4), draw(-1, 1, 2, 4, 2)] },
    { x: [draw(-1, 1, 2, 1, 3, 2), draw(-1, 1, 3, 2, 2)] },
    { x: [draw(-1, 1, 3, 2), draw(-1, 1, 2, 2, 3)] },
  ],
  attention: (draw) => [
    { x: [draw(-1, 1, 3, 4), draw(-1, 1, 5, 4), draw(-1, 1, 5, 2)], p: 0.5 },
    { x: [draw(-1, 1, 2, 3, 4), draw(-1, 1, 2, 3, 4), draw(-1, 1, 3, 2)], p: 0.7 },
  ],
  softmax: (draw) => [{ x: [draw(-2, 2, 3, 4)] }, { x: [draw(-2, 2, 4, 2).transpose()] }],
  softmaxVjp: (draw) => [{ x: [draw(0, 1, 3, 4), draw(-2, 2, 3, 4)] }],
  layerNorm: (draw) => [{ x: [draw(-2, 2, 3, 4)], p: 1e-3 }, { x: [draw(-2, 2, 5, 2).transpose()], p: 1e-5 }],
  layerNormVjp: (draw) => [{ x: [draw(-2, 2, 3, 4), draw(-2, 2, 3, 4)], p: 1e-3 }],
  gather: (draw) => [{ x: [draw(-2, 2, 4, 3), draw.index(4, 2, 3)] }],
  scatterAdd: (draw) => [{ x: [draw(-2, 2, 5, 3), draw.index(4, 5)], p: 4 }],
  tril: (draw) => [{ x: [draw(-2, 2, 2, 3, 4)], p: 0 }, { x: [draw(-2, 2, 3, 3)], p: 1 }],
  triangularSolve: (draw) => [
    { x: [lower(draw, 3, 3), draw(-2, 2, 3, 2)], p: {} },
    { x: [lower(draw, 2, 3, 3), draw(-2, 2, 3, 2)], p: { transpose: true } },
    { x: [lower(draw, 3, 3), draw(-2, 2, 3, 2)], p: { lower: false } },
    { x: [lower(draw, 3, 3), draw(-2, 2, 3, 2)], p: { lower: false, transpose: true, unit: true } },
  ],
  cholesky: (draw) => [{ x: [symmetric(draw, [], 3)] }, { x: [symmetric(draw, [2], 2)] }],
  qr: (draw) => [{ x: [draw(-2, 2, 4, 3)] }, { x: [draw(-2, 2, 2, 3, 3)] }],
  svd: (draw) => [
    { x: [draw(-2, 2, 4, 3)] },
    { x: [draw(-2, 2, 2, 3)] },
    { x: [draw(-2, 2, 2, 3, 3)] },
  ],
}; // prettier-ignore

/** For whoever collects what a hook is told. */
export type Told = OuterProduct[];
