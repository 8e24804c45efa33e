/** The rank-adaptive compressor of rank-dAD: structured power iterations, re-orthogonalised. */
import { checkChoice, checkCount, checkFraction, checkOptionNames } from "../options.js";
import { OptionError } from "../errors.js";
import type { Philox } from "../random/philox.js";
import { type Dense, dense, dot, norm } from "./dense.js";
import { gradientMap } from "./operator.js";

export interface CompressOptions {
  /** Most components that are sent (16). */
  readonly maxRank?: number;
  /** Power iterations for each component (5). */
  readonly iterations?: number;
  /** Stop at a component with σ_j < theta·σ_1 (1e-3); 0 stops at nothing but exactness. */
  readonly theta?: number;
  /** When to stop early: by the ratio of σ's, or by the share of ‖G‖² that has been found ("sigma-ratio"). */
  readonly stop?: "sigma-ratio" | "energy";
  /** With stop "energy": the share of ‖G‖² at which it is enough (0.99). */
  readonly energy?: number;
}

export const compressOptionNames = ["maxRank", "iterations", "theta", "stop", "energy"] as const;

/** @throws UnknownOptionError, OptionError */
export function checkCompressOptions(options: CompressOptions, of: string): Required<CompressOptions> {
  checkOptionNames(options, compressOptionNames, of);
  const theta = options.theta ?? 1e-3;
  if (!(theta >= 0 && theta < 1)) throw new OptionError(`theta should be a number from 0 to below 1; got ${theta}.`); // prettier-ignore
  return {
    maxRank: checkCount(options.maxRank ?? 16, "maxRank", 1, 65_536),
    iterations: checkCount(options.iterations ?? 5, "iterations", 1, 10_000),
    theta,
    stop: checkChoice(options.stop ?? "sigma-ratio", "stop", ["sigma-ratio", "energy"]),
    energy: checkFraction(options.energy ?? 0.99, "energy"),
  };
}

/** G ≈ Σ_j σ_j b_j c_jᵀ, again as two factors with rows: what dAD would send of so many rows. */
export interface Compressed {
  /** [r, h] the c_j: unit vectors. */
  readonly input: Dense;
  /** [r, h'] the σ_j b_j. */
  readonly delta: Dense;
  /** [r] σ_j, in the order in which they were found. Its length is the effective rank. */
  readonly sigma: Float64Array;
}

/** Below this share of σ_1² nothing is left of G but rounding. */
const NOTHING_LEFT = 1e-14;

/**
 * The leading components of the gradient AᵀΔ that two factors stand for, found without forming it. With
 * re-orthogonalisation the result is an orthogonal projection of G: its error is at most ‖G‖ after any number of
 * iterations, and 0 once the true rank is reached.
 *
 * @param input [R, h] A
 * @param delta [R, h'] Δ
 * @param stream for the start vectors
 * @throws UnknownOptionError, OptionError
 * @see Baker et al. (2021), rank-dAD; Golub & Van Loan, §8.2 (orthogonal iteration)
 * @example
 * // Three rows, of which one is the sum of the others: a gradient of rank 2.
 * const input = dense(3, 2, Float64Array.of(1, 0, 0, 1, 1, 1));
 * const delta = dense(3, 4, philox(1).normals(12));
 * const { sigma } = compress(input, delta, { iterations: 1 }, philox(2));
 * if (sigma.length !== 2) throw new Error("that is not its rank");
 */
export function compress(input: Dense, delta: Dense, options: CompressOptions, stream: Philox): Compressed {
  const { maxRank, iterations, theta, stop, energy } = checkCompressOptions(options, "compress");
  const map = gradientMap(input, delta);
  const enough = stop === "energy" ? energy * map.energy() : Infinity;
  const found: Component[] = [];
  let [first, sum] = [0, 0];
  while (found.length < Math.min(maxRank, map.mostRank)) {
    let b: Float64Array | null = started(stream, map.outputs, found);
    for (let i = 0; i < iterations && b !== null; i++) {
      const v = orthogonalise(map.square(b), found);
      const size = norm(v);
      b = size <= NOTHING_LEFT * first * first || !(size > 0) ? null : divided(v, size);
    }
    if (b === null) break;
    const u = map.pull(b);
    const sigma = norm(u);
    if (found.length === 0) first = sigma;
    if (!(sigma > 0) || sigma < theta * first) break;
    found.push({ b, c: divided(u, sigma), sigma });
    sum += sigma * sigma;
    if (sum >= enough) break;
  }
  return asFactors(found, input.cols, delta.cols);
}

export interface Component {
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly sigma: number;
}

/** Components as rows. */
export function asFactors(found: readonly Component[], inputs: number, outputs: number): Compressed {
  const input = dense(found.length, inputs);
  const delta = dense(found.length, outputs);
  found.forEach(({ b, c, sigma }, j) => {
    input.data.set(c, j * inputs);
    for (let i = 0; i < outputs; i++) delta.data[j * outputs + i] = sigma * b[i]!;
  });
  return { input, delta, sigma: Float64Array.from(found, ({ sigma }) => sigma) };
}

const divided = (v: Float64Array, by: number): Float64Array => v.map((x) => x / by);

/** A unit vector orthogonal to what has been found; null where there is none. */
function started(stream: Philox, length: number, found: readonly Component[]): Float64Array | null {
  const v = orthogonalise(stream.normals(length), found);
  const size = norm(v);
  return size > 0 ? divided(v, size) : null;
}

/** Gram and Schmidt, twice, which is enough; in place. */
function orthogonalise(v: Float64Array, found: readonly Component[]): Float64Array {
  for (let pass = 0; pass < 2; pass++)
    for (const { b } of found) {
      const share = dot(b, v);
      for (let i = 0; i < v.length; i++) v[i]! -= share * b[i]!;
    }
  return v;
}
