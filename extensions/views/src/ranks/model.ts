/** Everything about a trace that stays the same while it is looked at. */
import { ceilingsOf, ranksAt, type RanksAtTheta, type RanksTrace } from "cotangent/trace";
import { nearest } from "../common/nearest.js";
import { visibleToken } from "../common/labels.js";

export interface RanksModel {
  readonly trace: RanksTrace;
  /** [L] names as they are written. */
  readonly layerNames: readonly string[];
  /** [S] */
  readonly siteNames: readonly string[];
  /** Layers whose gradient is a product of factors, and so has a rank. */
  readonly outer: readonly number[];
  /** The one that sees the data; undefined where no gradient is a product of factors. */
  readonly first: number | undefined;
  /** [T, L, S] */
  readonly ceilings: Float32Array;
  /** T */
  readonly frames: number;
  /** K */
  readonly singularValues: number;
  /** Whether any effective rank is known. */
  readonly hasRanks: boolean;
  /** The first and the last recorded step. */
  readonly ends: readonly [number, number];
  stepOf(frame: number): number;
  frameNear(step: number): number;
  /** The same object again for the same θ. */
  at(theta: number): RanksAtTheta;
}

export function ranksModel(trace: RanksTrace): RanksModel {
  const { recorded, layers, sites, spectra } = trace;
  const cells = recorded.length * layers.length * sites.length;
  const ceilings = ceilingsOf(trace);
  const outer = layers.flatMap(({ kind }, l) => (kind === "outer" ? [l] : []));
  const own = ranksAt(trace, trace.method.theta, ceilings);
  let held: { theta: number; found: RanksAtTheta } | undefined;
  return {
    trace,
    layerNames: layers.map(({ name }) => visibleToken(name)),
    siteNames: trace.sites.map(visibleToken),
    outer,
    first: outer[0],
    ceilings,
    frames: recorded.length,
    singularValues: spectra.values.length / cells,
    hasRanks: trace.effectiveRank.some(Number.isFinite),
    ends: [recorded[0]!, recorded.at(-1)!],
    stepOf: (frame) => recorded[frame]!,
    frameNear: (step) => nearest(recorded, step),
    at(theta) {
      if (theta === trace.method.theta) return own;
      if (held?.theta !== theta) held = { theta, found: ranksAt(trace, theta, ceilings) };
      return held.found;
    },
  };
}

/** Whether a view of the one can go on with the other: the same layers at the same sites, by the same method, further on. */
export function isSameRun(a: RanksModel, b: RanksModel): boolean {
  const key = ({ trace, singularValues, frames }: RanksModel) =>
    JSON.stringify([
      trace.method,
      trace.sites,
      trace.layers,
      trace.others.length,
      singularValues > 0,
      frames > 1,
    ]);
  return key(a) === key(b);
}
