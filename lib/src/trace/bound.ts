/** The size bound of a saved trace: iterations are thinned out until it fits, and the trace says so. */
import { base64Length } from "./base64.js";
import type { AttentionTrace } from "./attention.js";
import { encodeAttentionTrace } from "./encode.js";
import { TraceTooLargeError } from "./errors.js";
import { groupTokens } from "./group-tokens.js";
import { DEFAULT_SAVED_BYTES } from "./limits.js";
import type { Omission } from "./omission.js";
import { thinIterations } from "./thin.js";
import { keepSteps } from "./thin-training.js";
import { omittedFrames } from "./training.js";

/** "3.2 KiB" */
export const size = (bytes: number): string =>
  bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const keepFrames = (trace: AttentionTrace, positions: readonly number[]): AttentionTrace => {
  const { iterations, weights } = trace.frames;
  const length = trace.heads.length * trace.tokens.length ** 2;
  const kept = new Float32Array(positions.length * length);
  positions.forEach((f, i) => kept.set(weights.subarray(f * length, (f + 1) * length), i * length));
  return {
    ...trace,
    frames: { iterations: Int32Array.from(positions, (f) => iterations[f]!), weights: kept },
  };
};

const frameBytes = (trace: AttentionTrace): number => 4 * trace.heads.length * trace.tokens.length ** 2;

/** Bytes of everything but the frames' arrays, as UTF-8 JSON. */
function sizeWithoutFrames(trace: AttentionTrace): number {
  const { data } = encodeAttentionTrace(keepFrames(trace, []));
  return new TextEncoder().encode(JSON.stringify(data)).length;
}

/** Bytes of the two arrays of F frames; 32 allow for the digits of the shapes. */
const framesSize = (trace: AttentionTrace, F: number): number =>
  base64Length(F * frameBytes(trace)) + base64Length(4 * F) + 32;

/** An upper bound, close, on the bytes of the trace as UTF-8 JSON with base64 arrays. */
export function encodedSize(trace: AttentionTrace): number {
  return sizeWithoutFrames(trace) + framesSize(trace, trace.frames.iterations.length);
}

/** The trace with F of its stored iterations: that of `first`, the last and the first always, denser early; it says why. */
function withFrames(trace: AttentionTrace, F: number, first: number, reason: string): AttentionTrace {
  const stored = trace.frames.iterations.length;
  if (F >= stored) return trace;
  const place = trace.frames.iterations.indexOf(first);
  const kept = keepFrames(trace, thinIterations(stored, F, place < 0 ? [] : [place]));
  return { ...kept, omissions: omitIterations(trace, F, reason) };
}

/** The omission of iterations, in place of an earlier one: a trace that is thinned twice says it once. */
function omitIterations(trace: AttentionTrace, kept: number, reason: string): readonly Omission[] {
  const name = omittedFrames(trace);
  const others = trace.omissions.filter(({ what }) => what !== name);
  return [...others, { what: name, kept, of: trace.outcome.iterations, reason }];
}

/**
 * The trace itself when it fits, otherwise one that stores fewer iterations: the first, the last and the best
 * always, of the others as many as fit, denser early. Residuals, drift and token spread stay whole; of a training run
 * whose numbers alone take more than half, every second step goes.
 *
 * @param maxBytes of the encoded trace: UTF-8 JSON with base64 arrays
 * @throws TraceTooLargeError when not even the best iteration fits
 */
export function boundAttentionTrace(trace: AttentionTrace, maxBytes = DEFAULT_SAVED_BYTES): AttentionTrace {
  if (encodedSize(trace) <= maxBytes) return trace;
  const steps = trace.outcome.iterations;
  if (trace.training && steps > 2 && sizeWithoutFrames(trace) > maxBytes / 2)
    return boundAttentionTrace(keepSteps(trace, Math.ceil(steps / 2)), maxBytes);
  const stored = trace.frames.iterations.length;
  const bound = `the saved trace is bounded to ${size(maxBytes)}`;
  const reasons = {
    many: bound,
    single: `${bound}, which only the best iteration fits; store fewer heads or tokens to see it move`,
  };
  // The longest statement, so that the room it takes is never underestimated.
  const stated = { ...trace, omissions: omitIterations(trace, stored, reasons.single) };
  const room = maxBytes - sizeWithoutFrames(stated);
  let F = Math.min(stored - 1, Math.floor(room / base64Length(frameBytes(trace))));
  while (F > 0 && framesSize(trace, F) > room) F--;
  if (F < 1) {
    throw new TraceTooLargeError(
      `One iteration of ${trace.heads.length} heads over ${trace.tokens.length} tokens takes ` +
        `${size(encodedSize(keepFrames(trace, [0])))}, more than the ${size(maxBytes)} allowed. ` +
        `Solve with fewer tokens, heads or iterations, or allow more bytes.`,
    );
  }
  return withFrames(trace, F, trace.outcome.bestIteration, F < 2 ? reasons.single : reasons.many);
}

/**
 * The trace as large as a message may be that is sent many times: where the attention of one iteration does not fit, tokens stand in
 * groups of 2, 4, 8…
 * @throws TraceTooLargeError when not even that helps
 */
export function liveAttentionTrace(trace: AttentionTrace, maxBytes: number): AttentionTrace {
  const N = trace.tokens.length;
  let by = 1;
  const bytes = () => 4 * trace.heads.length * Math.ceil(N / by) ** 2;
  while (by < N && base64Length(bytes()) > maxBytes) by *= 2;
  for (; ; by *= 2) {
    // Those that cannot be kept are not worth the sums.
    const few = Math.max(1, Math.floor(maxBytes / base64Length(bytes())));
    const last = trace.frames.iterations.at(-1)!;
    const grouped = groupTokens(withFrames(trace, few, last, "the message about what still runs is bounded"), by); // prettier-ignore
    try {
      return boundAttentionTrace(grouped, maxBytes);
    } catch (error) {
      if (!(error instanceof TraceTooLargeError) || by >= N) throw error;
    }
  }
}
