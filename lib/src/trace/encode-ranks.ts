/** Writing a ranks trace: as one JSON value, or as JSON beside binary buffers. */
import { ArrayWriter, type EncodedArray } from "./arrays.js";
import type { EncodeOptions } from "./encode.js";
import type { RanksBytes, RanksError, RanksCurve, RanksFailure, RanksLayer, RanksMethod, RanksSpectra, RanksTrace } from "./ranks.js"; // prettier-ignore
import type { Omission } from "./omission.js";

type Encoded<T> = { readonly [Key in keyof T]: EncodedArray };

/** A ranks trace as plain JSON; `schema/ranks.v1.schema.json` describes it field by field. */
export interface EncodedRanksTrace {
  readonly kind: "ranks";
  readonly version: string;
  readonly producer: string;
  readonly method: RanksMethod;
  readonly status: RanksTrace["status"];
  readonly sites: readonly string[];
  readonly layers: readonly RanksLayer[];
  readonly steps: number;
  readonly recorded: EncodedArray;
  readonly rows: EncodedArray;
  readonly factorRows: EncodedArray;
  readonly loss: EncodedArray;
  readonly bytes: Encoded<RanksBytes>;
  readonly spectra: { readonly of: RanksSpectra["of"]; readonly values: EncodedArray };
  readonly effectiveRank: EncodedArray;
  readonly entropyRank: EncodedArray;
  readonly stableRank: EncodedArray;
  readonly error: Encoded<RanksError>;
  readonly measures: readonly { readonly name: string; readonly steps: EncodedArray; readonly values: EncodedArray }[]; // prettier-ignore
  readonly others: readonly (Pick<RanksCurve, "name" | "measure"> & Encoded<Omit<RanksCurve, "name" | "measure">>)[]; // prettier-ignore
  readonly failures: readonly RanksFailure[];
  readonly omissions: readonly Omission[];
}

/**
 * Encode a trace.
 * @returns `data`, plain JSON; `buffers`, little-endian bytes, empty with base64, otherwise sharing memory with the trace
 * @throws MalformedTraceError when the length of an array contradicts the number of steps, layers or sites
 */
export function encodeRanksTrace(
  trace: RanksTrace,
  { arrays = "base64" }: EncodeOptions = {},
): { data: EncodedRanksTrace; buffers: Uint8Array[] } {
  const writer = new ArrayWriter(arrays);
  const [T, L, S] = [trace.recorded.length, trace.layers.length, trace.sites.length];
  const cells = [T, L, S];
  const K = singularValuesOf(trace);
  const { bytes, spectra, error, method } = trace;
  const data: EncodedRanksTrace = {
    kind: "ranks",
    version: trace.version,
    producer: trace.producer,
    method: { ...method, options: [...method.options], notes: [...method.notes] },
    status: trace.status,
    sites: [...trace.sites],
    layers: trace.layers.map((layer) => ({ ...layer })),
    steps: trace.steps,
    recorded: writer.write(trace.recorded, [T]),
    rows: writer.write(trace.rows, [T, S]),
    factorRows: writer.write(trace.factorRows, cells),
    loss: writer.write(trace.loss, [T, S]),
    bytes: {
      up: writer.write(bytes.up, cells),
      down: writer.write(bytes.down, cells),
      upFormula: writer.write(bytes.upFormula, cells),
      downFormula: writer.write(bytes.downFormula, cells),
    },
    spectra: { of: spectra.of, values: writer.write(spectra.values, [...cells, K]) },
    effectiveRank: writer.write(trace.effectiveRank, cells),
    entropyRank: writer.write(trace.entropyRank, cells),
    stableRank: writer.write(trace.stableRank, cells),
    error: { relative: writer.write(error.relative, [T, L]), cosine: writer.write(error.cosine, [T, L]) },
    measures: trace.measures.map(({ name, steps, values }) => ({
      name,
      steps: writer.write(steps, [steps.length]),
      values: writer.write(values, [steps.length]),
    })),
    others: trace.others.map(({ name, measure, steps, up, down, values }) => ({
      name,
      measure,
      steps: writer.write(steps, [steps.length]),
      up: writer.write(up, [steps.length]),
      down: writer.write(down, [steps.length]),
      values: writer.write(values, [steps.length]),
    })),
    failures: trace.failures.map((failure) => ({ ...failure })),
    omissions: trace.omissions.map((omission) => ({ ...omission })),
  };
  return { data, buffers: writer.buffers };
}

/** K. */
export function singularValuesOf({ recorded, layers, sites, spectra }: RanksTrace): number {
  const cells = recorded.length * layers.length * sites.length;
  return cells === 0 ? 0 : spectra.values.length / cells;
}
