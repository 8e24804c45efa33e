/** Attention traces for tests: a real, small fixed-point solve, so that pictures of it look like pictures of one. */
import { ATTENTION_VERSION, type AttentionTrace, type StopReason } from "cotangent/trace";

export interface SolveOptions {
  readonly tokens?: readonly string[] | number;
  readonly heads?: number;
  readonly maxIterations?: number;
  readonly tolerance?: number;
  readonly damping?: number;
  /** Size of the queries and keys: larger means sharper attention and slower convergence, in the end none. */
  readonly gain?: number;
  readonly seed?: number;
}

const WORDS =
  "the bank of the river was steep and the boat drifted past the old mill while a heron stood still in the reeds".split(
    " ",
  );

/** mulberry32: small, public domain, good enough to make up weights. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WIDTH = 8;

/** Solve z = x + attention(z) by damped Picard iteration and record everything. */
export function attentionTrace(options: SolveOptions = {}): AttentionTrace {
  const { heads = 1, maxIterations = 40, tolerance = 1e-5, damping = 1, gain = 1.2, seed = 7 } = options;
  const labels = labelsOf(options.tokens ?? 6);
  const [N, d] = [labels.length, WIDTH];
  const random = uniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const matrix = (rows: number, columns: number, scale: number) =>
    Float64Array.from({ length: rows * columns }, () => scale * normal());
  // The same word gets the same vector, plus a little of its place.
  const vectors = new Map(labels.map((label) => [label, matrix(1, d, 1)]));
  const x = Float64Array.from({ length: N * d }, (_, i) => {
    const token = Math.floor(i / d);
    return vectors.get(labels[token]!)![i % d]! + 0.35 * Math.sin((token + 1) * ((i % d) + 1) * 0.7);
  });
  const weights = Array.from({ length: heads }, (_, h) => ({
    q: matrix(d, d, (gain * (1 + 0.1 * h)) / Math.sqrt(d)),
    k: matrix(d, d, (gain * (1 + 0.1 * h)) / Math.sqrt(d)),
    v: matrix(d, d, 0.45 / Math.sqrt(d * heads)),
  }));
  const frames: Float32Array[] = [];
  const records = { absolute: [] as number[], relative: [] as number[], perToken: [] as number[] };
  const [drift, spread] = [[] as number[], [] as number[]];
  let [z, best, bestResidual, reason] = [x.slice(), 0, Infinity, "maxIterations" as StopReason];

  for (let k = 0; k < maxIterations; k++) {
    const y = x.slice();
    const frame = new Float32Array(heads * N * N);
    weights.forEach((w, h) => attend(z, w, N, d, y, frame.subarray(h * N * N, (h + 1) * N * N)));
    const change = y.map((value, i) => value - z[i]!);
    const [absolute, size] = [norm(change), norm(z)];
    records.absolute.push(absolute);
    records.relative.push(absolute / size);
    for (let i = 0; i < N; i++) {
      const row = (of: Float64Array) => norm(of.subarray(i * d, (i + 1) * d));
      records.perToken.push(row(change) / Math.max(row(z), 1e-8));
    }
    const last = frames.at(-1);
    drift.push(last ? norm(frame.map((value, i) => value - last[i]!)) : NaN);
    spread.push(spreadOf(z, N, d) / size);
    frames.push(frame);
    if (absolute / size < bestResidual) [best, bestResidual] = [k, absolute / size];
    if (absolute / size < tolerance) {
      reason = "converged";
      break;
    }
    z = z.map((value, i) => (1 - damping) * value + damping * y[i]!);
  }

  const all = new Float32Array(frames.length * heads * N * N);
  frames.forEach((frame, k) => all.set(frame, k * heads * N * N));
  return {
    kind: "attention",
    version: ATTENTION_VERSION,
    producer: "cotangent test",
    preset: "inject",
    tokens: labels,
    heads: weights.map((_, h) => ({ name: `head ${h + 1}`, temperature: 1 })),
    solver: { name: "picard", damping, tolerance, maxIterations, norm: "frobenius", mode: "relative" },
    outcome: { converged: reason === "converged", reason, iterations: frames.length, bestIteration: best },
    frames: { iterations: Int32Array.from(frames, (_, k) => k), weights: all },
    residuals: {
      absolute: Float64Array.from(records.absolute),
      relative: Float64Array.from(records.relative),
      perToken: Float32Array.from(records.perToken),
    },
    drift: Float64Array.from(drift),
    tokenSpread: Float64Array.from(spread),
    omissions: [],
  };
}

/** A copy with some weights replaced: `edit` gets frame, head, query, key and the weight. */
export function editWeights(
  trace: AttentionTrace,
  edit: (frame: number, head: number, query: number, key: number, weight: number) => number,
): AttentionTrace {
  const [N, H] = [trace.tokens.length, trace.heads.length];
  const weights = trace.frames.weights.map((weight, i) =>
    edit(Math.floor(i / (H * N * N)), Math.floor(i / (N * N)) % H, Math.floor(i / N) % N, i % N, weight),
  );
  return { ...trace, frames: { ...trace.frames, weights } };
}

/** A copy that stores only some iterations, and says so. */
export function thinned(trace: AttentionTrace, kept: readonly number[]): AttentionTrace {
  const size = trace.heads.length * trace.tokens.length ** 2;
  const weights = new Float32Array(kept.length * size);
  kept.forEach((k, i) => weights.set(trace.frames.weights.subarray(k * size, (k + 1) * size), i * size));
  const omission = {
    what: "iterations",
    kept: kept.length,
    of: trace.outcome.iterations,
    reason: "the saved trace is bounded to 8.0 MiB",
  };
  return { ...trace, frames: { iterations: Int32Array.from(kept), weights }, omissions: [omission] };
}

function labelsOf(tokens: readonly string[] | number): readonly string[] {
  if (typeof tokens !== "number") return tokens;
  return Array.from({ length: tokens }, (_, i) => WORDS[i % WORDS.length]!);
}

const norm = (values: Float64Array | Float32Array): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
};

function spreadOf(z: Float64Array, N: number, d: number): number {
  const mean = new Float64Array(d);
  z.forEach((value, i) => (mean[i % d]! += value / N));
  return norm(z.map((value, i) => value - mean[i % d]!));
}

interface HeadWeights {
  readonly q: Float64Array;
  readonly k: Float64Array;
  readonly v: Float64Array;
}

/** Add one head's output to `y` and write its attention into `frame`. */
function attend(
  z: Float64Array,
  w: HeadWeights,
  N: number,
  d: number,
  y: Float64Array,
  frame: Float32Array,
): void {
  const [q, k, v] = [project(z, w.q, N, d), project(z, w.k, N, d), project(z, w.v, N, d)];
  for (let i = 0; i < N; i++) {
    const scores = Float64Array.from({ length: N }, (_, j) => {
      let dot = 0;
      for (let c = 0; c < d; c++) dot += q[i * d + c]! * k[j * d + c]!;
      return dot / Math.sqrt(d);
    });
    const top = scores.reduce((a, b) => Math.max(a, b));
    const powers = scores.map((score) => Math.exp(score - top));
    const total = powers.reduce((a, b) => a + b);
    for (let j = 0; j < N; j++) {
      const weight = powers[j]! / total;
      frame[i * N + j] = weight;
      for (let c = 0; c < d; c++) y[i * d + c]! += weight * v[j * d + c]!;
    }
  }
}

function project(z: Float64Array, w: Float64Array, N: number, d: number): Float64Array {
  const result = new Float64Array(N * d);
  for (let i = 0; i < N; i++) {
    for (let c = 0; c < d; c++) {
      for (let r = 0; r < d; r++) result[i * d + c]! += z[i * d + r]! * w[r * d + c]!;
    }
  }
  return result;
}

/** The frames of a solve as if each were a training step, every tenth; the last solves do not converge, the second series has no numbers. */
export function inTraining(solve: AttentionTrace): AttentionTrace {
  const K = solve.outcome.iterations;
  const each = Array.from({ length: K }, (_, k) => k);
  return {
    ...solve,
    outcome: { converged: false, reason: "maxIterations", iterations: K, bestIteration: K - 1 },
    training: {
      steps: Int32Array.from(each, (k) => 10 * k),
      iterations: Int32Array.from(each, (k) => Math.min(solve.solver.maxIterations, 3 + k)),
      converged: Uint8Array.from(each, (k) => (k < K - 3 ? 1 : 0)),
      spectralRadius: Float64Array.from(each, (k) => (k === K - 1 ? NaN : 0.2 + (1.2 * k) / K)),
      series: [
        { name: "loss", values: Float64Array.from(each, (k) => 1 / (k + 1)) },
        { name: "<img src=x>", values: new Float64Array(K).fill(NaN) },
      ],
    },
  };
}
