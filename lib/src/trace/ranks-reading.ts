/** What a ranks trace says, in lines and numbers: the same in the still and the moving picture. */
import type { RanksCurve, RanksMeasure, RanksTrace } from "./ranks.js";
import { effectiveRank } from "./ranks-spectrum.js";

/** A value at some of the steps; null where nothing was known. */
export interface CourseOfStep {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export interface RanksAtTheta {
  /** [T, L, S] how many σ ≥ θ·σ_1; NaN where it is not known. */
  readonly ranks: Float32Array;
  /** [T, L, S] 1 where every σ that is stored counts though there may be more: the rank is at least this. */
  readonly isOpen: Uint8Array;
}

/** [from, to) of the recorded steps, in at most `points` bins. */
function binsOf(T: number, points: number): [from: number, to: number][] {
  const bins = Math.min(T, points);
  return Array.from({ length: bins }, (_, i) => [
    Math.floor((i * T) / bins),
    Math.floor(((i + 1) * T) / bins),
  ]);
}

/**
 * Means over the sites, and over neighbouring steps where there are more than `points`, of one layer. A bin stands at its last step.
 *
 * @param values [T, L, S]; what is not finite does not count
 */
export function meanOverSites(
  { recorded, layers, sites }: RanksTrace,
  values: ArrayLike<number>,
  layer: number,
  points = 120,
): CourseOfStep {
  const [L, S] = [layers.length, sites.length];
  const bins = binsOf(recorded.length, points);
  const y = bins.map(([from, to]) => {
    let [sum, count] = [0, 0];
    for (let t = from; t < to; t++)
      for (let s = 0; s < S; s++) {
        const value = values[(t * L + layer) * S + s]!;
        if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
      }
    return count > 0 ? sum / count : null;
  });
  return { x: bins.map(([, to]) => recorded[to - 1]!), y };
}

/** Bytes from the start of the run to a recorded step, over all layers and sites. */
export function sentUntil({ layers, sites }: RanksTrace, bytes: Float64Array, t: number): number {
  const row = layers.length * sites.length;
  return bytes.subarray(t * row, (t + 1) * row).reduce((sum, value) => sum + value, 0);
}

/** The same at so many recorded steps, the last one among them. */
export function sentOverSteps(trace: RanksTrace, bytes: Float64Array, points = 120): CourseOfStep {
  const places = binsOf(trace.recorded.length, points).map(([, to]) => to - 1);
  return {
    x: places.map((t) => trace.recorded[t]!),
    y: places.map((t) => sentUntil(trace, bytes, t)),
  };
}

/** The curve of a measure of this run over what had been sent, for another trace to compare with. */
export function curveOf(
  trace: RanksTrace,
  { name: measure, steps, values }: RanksMeasure,
  name: string,
): RanksCurve {
  const { recorded, bytes } = trace;
  let frame = -1;
  // Where a step is not recorded, what had been sent by the last recorded one before it.
  const frames = Array.from(steps, (step) => {
    while (frame + 1 < recorded.length && recorded[frame + 1]! <= step) frame++;
    return frame;
  });
  const sent = (of: Float64Array) => Float64Array.from(frames, (t) => (t < 0 ? 0 : sentUntil(trace, of, t)));
  return { name, measure, steps, up: sent(bytes.up), down: sent(bytes.down), values };
}

/**
 * [T, L, S] what no rank of a gradient can exceed: its widths, with the column of a bias, and the rows of its factors, which are
 * samples × time × space. NaN for what is no such gradient, and for a site that took no part.
 */
export function ceilingsOf({ recorded, layers, sites, rows, factorRows }: RanksTrace): Float32Array {
  const [T, L, S] = [recorded.length, layers.length, sites.length];
  const ceilings = new Float32Array(T * L * S).fill(NaN);
  layers.forEach(({ kind, inputs, outputs, hasBias }, l) => {
    if (kind !== "outer") return;
    const widths = Math.min(inputs + (hasBias ? 1 : 0), outputs);
    for (let t = 0; t < T; t++)
      for (let s = 0; s < S; s++) {
        const at = (t * L + l) * S + s;
        // Traces of version 1.0 do not say how many rows the factors had: there may be several to a sample.
        if (rows[t * S + s]! > 0) ceilings[at] = Math.min(factorRows[at]! || Infinity, widths);
      }
  });
  return ceilings;
}

/**
 * The effective ranks by another θ than the run's own, from the singular values that are stored.
 *
 * A method that stops at its own θ has not found what is smaller, and of a long spectrum only the largest are stored: then a
 * count that takes in all that is there is a lower bound.
 */
export function ranksAt(trace: RanksTrace, theta: number, ceilings = ceilingsOf(trace)): RanksAtTheta {
  const { spectra, effectiveRank: recorded, method } = trace;
  const isOpen = new Uint8Array(recorded.length);
  if (theta === method.theta) return { ranks: recorded, isOpen };
  const ranks = new Float32Array(recorded.length).fill(NaN);
  const K = recorded.length === 0 ? 0 : spectra.values.length / recorded.length;
  for (let i = 0; i < ranks.length; i++) {
    const sigma = spectra.values.subarray(i * K, (i + 1) * K);
    const stored = lengthOf(sigma);
    if (stored === 0) continue;
    const count = effectiveRank(sigma, theta);
    ranks[i] = count;
    const isCut = spectra.of === "found" ? theta < method.theta : stored === K;
    if (isCut && count === stored && count < ceilings[i]!) isOpen[i] = 1;
  }
  return { ranks, isOpen };
}

/** How many are there: NaN fills the rest. */
function lengthOf(sigma: Float32Array): number {
  let length = sigma.length;
  while (length > 0 && Number.isNaN(sigma[length - 1]!)) length--;
  return length;
}
