/** Writing an attention trace: as one JSON value, or as JSON beside binary buffers. */
import { type ArrayPlace, ArrayWriter, type EncodedArray } from "./arrays.js";
import type {
  AttentionFrames,
  AttentionHead,
  AttentionOutcome,
  AttentionResiduals,
  AttentionRival,
  AttentionSolver,
  AttentionTrace,
} from "./attention.js";
import type { SolveDiagnosis } from "./diagnosis.js";
import type { Omission } from "./omission.js";
import type { AttentionSpectrum } from "./spectrum.js";
import { encodeTraining, type EncodedTraining } from "./encode-training.js";

/** The same fields with every typed array encoded. */
type Encoded<T> = { readonly [Key in keyof T]: EncodedArray };

/** An attention trace as plain JSON; `schema/attention.v1.schema.json` describes it field by field. */
export interface EncodedAttentionTrace {
  readonly kind: "attention";
  readonly version: string;
  readonly producer: string;
  readonly preset: string;
  readonly tokens: readonly string[];
  readonly heads: readonly AttentionHead[];
  readonly solver: AttentionSolver;
  readonly outcome: AttentionOutcome;
  readonly frames: Encoded<AttentionFrames>;
  readonly residuals: Encoded<AttentionResiduals>;
  readonly drift: EncodedArray;
  readonly tokenSpread: EncodedArray;
  readonly diagnosis?: SolveDiagnosis;
  readonly spectrum?: Omit<AttentionSpectrum, "eigenvalues"> & { readonly eigenvalues: EncodedArray };
  readonly rivals?: readonly (Omit<AttentionRival, "residuals"> & { readonly residuals: EncodedArray })[];
  readonly resolve?: string;
  readonly training?: EncodedTraining;
  readonly omissions: readonly Omission[];
}

export interface EncodeOptions {
  /** "base64" (the default) for a saved notebook, "buffers" for a comm. */
  readonly arrays?: ArrayPlace;
}

/**
 * Encode a trace.
 * @returns `data`, plain JSON; `buffers`, little-endian bytes, empty with base64, otherwise sharing memory
 *   with the trace
 * @throws MalformedTraceError when the length of an array contradicts the number of tokens, heads or iterations
 */
export function encodeAttentionTrace(
  trace: AttentionTrace,
  { arrays = "base64" }: EncodeOptions = {},
): { data: EncodedAttentionTrace; buffers: Uint8Array[] } {
  const writer = new ArrayWriter(arrays);
  const N = trace.tokens.length;
  const H = trace.heads.length;
  const K = trace.outcome.iterations;
  const F = trace.frames.iterations.length;
  const { absolute, relative, perToken, stoppedAt } = trace.residuals;
  const { diagnosis, spectrum, rivals, resolve, training } = trace;
  const data: EncodedAttentionTrace = {
    kind: "attention",
    version: trace.version,
    producer: trace.producer,
    preset: trace.preset,
    tokens: [...trace.tokens],
    heads: trace.heads.map(({ name, temperature }) => ({ name, temperature })),
    solver: { ...trace.solver },
    outcome: { ...trace.outcome },
    frames: {
      iterations: writer.write(trace.frames.iterations, [F]),
      weights: writer.write(trace.frames.weights, [F, H, N, N]),
    },
    residuals: {
      absolute: writer.write(absolute, [K]),
      relative: writer.write(relative, [K]),
      perToken: writer.write(perToken, [K, N]),
      ...(stoppedAt && { stoppedAt: writer.write(stoppedAt, [N]) }),
    },
    drift: writer.write(trace.drift, [K]),
    tokenSpread: writer.write(trace.tokenSpread, [K]),
    ...(diagnosis && { diagnosis: { ...diagnosis } }),
    ...(spectrum && {
      spectrum: {
        ...spectrum,
        eigenvalues: writer.write(spectrum.eigenvalues, [spectrum.eigenvalues.length / 2, 2]),
      },
    }),
    ...(rivals && {
      rivals: rivals.map((rival) => ({
        ...rival,
        residuals: writer.write(rival.residuals, [rival.residuals.length]),
      })),
    }),
    ...(resolve !== undefined && { resolve }),
    ...(training && { training: encodeTraining(training, writer, K) }),
    omissions: trace.omissions.map((omission) => ({ ...omission })),
  };
  return { data, buffers: writer.buffers };
}
