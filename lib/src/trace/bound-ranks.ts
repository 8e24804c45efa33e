/** The size bound of a saved ranks trace: steps are thinned out until it fits, and the trace says so. */
import { base64Length } from "./base64.js";
import { size } from "./bound.js";
import { encodeRanksTrace, singularValuesOf } from "./encode-ranks.js";
import { TraceTooLargeError } from "./errors.js";
import { DEFAULT_SAVED_BYTES } from "./limits.js";
import type { Omission } from "./omission.js";
import type { RanksTrace } from "./ranks.js";

interface Sliceable {
  readonly length: number;
  subarray(start: number, end: number): ArrayLike<number>;
}

/** The trace with some of its recorded steps. What grows with the run is a sum from its start, so nothing is lost of that. */
export function keepSteps(trace: RanksTrace, positions: readonly number[]): RanksTrace {
  const T = trace.recorded.length;
  const kept = <
    A extends Sliceable & {
      slice(start: number, end: number): A;
      set(from: ArrayLike<number>, at: number): void;
    },
  >(
    of: A,
  ): A => {
    const row = of.length / T;
    const to = of.slice(0, positions.length * row);
    positions.forEach((t, i) => to.set(of.subarray(t * row, (t + 1) * row), i * row));
    return to;
  };
  const { bytes, error, spectra } = trace;
  return {
    ...trace,
    recorded: kept(trace.recorded),
    rows: kept(trace.rows),
    factorRows: kept(trace.factorRows),
    loss: kept(trace.loss),
    bytes: {
      up: kept(bytes.up),
      down: kept(bytes.down),
      upFormula: kept(bytes.upFormula),
      downFormula: kept(bytes.downFormula),
    },
    spectra: { ...spectra, values: kept(spectra.values) },
    effectiveRank: kept(trace.effectiveRank),
    entropyRank: kept(trace.entropyRank),
    stableRank: kept(trace.stableRank),
    error: { relative: kept(error.relative), cosine: kept(error.cosine) },
  };
}

/** Bytes of each array that has a row for every step. */
function rowBytes(trace: RanksTrace): number[] {
  const [L, S] = [trace.layers.length, trace.sites.length];
  const [cells, K] = [L * S, singularValuesOf(trace)];
  return [4, 4 * S, 4 * cells, 8 * S, ...Array<number>(4).fill(8 * cells), 4 * cells * K, ...Array<number>(3).fill(4 * cells), 8 * L, 8 * L]; // prettier-ignore
}

/** Bytes of the arrays of T steps; 8 for each allow for the digits of its shape. */
const stepsSize = (rows: readonly number[], T: number): number =>
  rows.reduce((sum, bytes) => sum + base64Length(T * bytes) + 8, 0);

function sizeWithoutSteps(trace: RanksTrace, rows: readonly number[]): number {
  const { data } = encodeRanksTrace(keepSteps(trace, [0]));
  const whole = new TextEncoder().encode(JSON.stringify(data)).length;
  return whole - rows.reduce((sum, bytes) => sum + base64Length(bytes), 0);
}

/** An upper bound, close, on the bytes of the trace as UTF-8 JSON with base64 arrays. */
export function ranksEncodedSize(trace: RanksTrace): number {
  const rows = rowBytes(trace);
  return sizeWithoutSteps(trace, rows) + stepsSize(rows, trace.recorded.length);
}

/** The omission of steps, in place of an earlier one: a trace that is thinned twice says it once. */
function omitSteps(trace: RanksTrace, kept: number, reason: string): readonly Omission[] {
  const others = trace.omissions.filter(({ what }) => what !== "steps");
  return [...others, { what: "steps", kept, of: trace.steps, reason }];
}

/**
 * The trace itself when it fits, otherwise one that records fewer steps: the first and the last always, the others evenly.
 *
 * @param maxBytes of the encoded trace: UTF-8 JSON with base64 arrays
 * @throws TraceTooLargeError when not even one step fits
 */
export function boundRanksTrace(trace: RanksTrace, maxBytes = DEFAULT_SAVED_BYTES): RanksTrace {
  if (ranksEncodedSize(trace) <= maxBytes) return trace;
  const rows = rowBytes(trace);
  const reason = `the saved trace is bounded to ${size(maxBytes)}`;
  const stated = { ...trace, omissions: omitSteps(trace, trace.recorded.length, reason) };
  const room = maxBytes - sizeWithoutSteps(stated, rows);
  let T =
    Math.min(trace.recorded.length - 1, Math.floor(room / base64Length(rows.reduce((a, b) => a + b)))) + 2;
  while (T > 0 && (T >= trace.recorded.length || stepsSize(rows, T) > room)) T--;
  if (T < 1)
    throw new TraceTooLargeError(
      `One step of ${trace.layers.length} layers at ${trace.sites.length} sites takes ` +
        `${size(ranksEncodedSize(keepSteps(trace, [0])))}, more than the ${size(maxBytes)} allowed. ` +
        `Record fewer singular values, or allow more bytes.`,
    );
  const last = trace.recorded.length - 1;
  const positions = T === 1 ? [last] : Array.from({ length: T }, (_, i) => Math.round((i / (T - 1)) * last));
  return { ...keepSteps(trace, positions), omissions: omitSteps(trace, T, reason) };
}
