/** Writing a tape trace: as one JSON value, or as JSON beside binary buffers. */
import { ArrayWriter, type EncodedArray } from "./arrays.js";
import type { EncodeOptions } from "./encode.js";
import type { Omission } from "./omission.js";
import { rankCeiling } from "./ranks-spectrum.js";
import type { TapeEdges, TapeFinding, TapeGuard, TapeNodes, TapePaths, TapePort, TapeProduct, TapeSource, TapeSpectra, TapeTensorNode, TapeTrace } from "./tape.js"; // prettier-ignore

type Encoded<T> = { readonly [Key in keyof T]: EncodedArray };

/** Singular values are left out where there are none. */
export type EncodedTapeProduct = Omit<TapeProduct, "spectra"> & { readonly spectra?: Encoded<TapeSpectra> };

/** A tape trace as plain JSON; `schema/tape.v1.schema.json` describes it field by field. */
export interface EncodedTapeTrace {
  readonly kind: "tape";
  readonly version: string;
  readonly producer: string;
  readonly title: string;
  readonly sources: readonly TapeSource[];
  readonly operations: readonly string[];
  readonly nodes: Encoded<TapeNodes>;
  readonly edges: Encoded<TapeEdges>;
  readonly inputs: readonly TapePort[];
  readonly outputs: readonly TapePort[];
  readonly seed: number;
  readonly tensors: readonly TapeTensorNode[];
  readonly guards: readonly TapeGuard[];
  readonly findings: readonly TapeFinding[];
  readonly products: readonly EncodedTapeProduct[];
  /** Left out where there are none. */
  readonly paths?: Omit<TapePaths, "value" | "adjoint" | "partial"> &
    Encoded<Pick<TapePaths, "value" | "adjoint" | "partial">>;
  readonly omissions: readonly Omission[];
}

/**
 * Encode a trace.
 * @returns `data`, plain JSON; `buffers`, little-endian bytes, empty with base64, otherwise sharing memory with the trace
 * @throws MalformedTraceError when the length of an array contradicts the number of nodes or edges
 */
export function encodeTapeTrace(
  trace: TapeTrace,
  { arrays = "base64" }: EncodeOptions = {},
): { data: EncodedTapeTrace; buffers: Uint8Array[] } {
  const writer = new ArrayWriter(arrays);
  const { nodes, edges } = trace;
  const N = nodes.id.length;
  const E = edges.from.length;
  const data: EncodedTapeTrace = {
    kind: "tape",
    version: trace.version,
    producer: trace.producer,
    title: trace.title,
    sources: trace.sources.map((source) => ({ ...source })),
    operations: [...trace.operations],
    nodes: {
      id: writer.write(nodes.id, [N]),
      operation: writer.write(nodes.operation, [N]),
      value: writer.write(nodes.value, [N]),
      adjoint: writer.write(nodes.adjoint, [N]),
      flags: writer.write(nodes.flags, [N]),
      bytes: writer.write(nodes.bytes, [N]),
      span: writer.write(nodes.span, [N, 5]),
    },
    edges: {
      offsets: writer.write(edges.offsets, [N + 1]),
      from: writer.write(edges.from, [E]),
      partial: writer.write(edges.partial, [E]),
    },
    inputs: trace.inputs.map((port) => ({ ...port })),
    outputs: trace.outputs.map((port) => ({ ...port })),
    seed: trace.seed,
    tensors: trace.tensors.map((tensor) => ({ ...tensor, shape: [...tensor.shape] })),
    guards: trace.guards.map((guard) => ({ ...guard })),
    findings: trace.findings.map((finding) => ({ ...finding })),
    products: trace.products.map(({ spectra, ...product }) => ({
      ...product,
      ...(spectra && {
        spectra: {
          input: writer.write(spectra.input, [Math.min(product.rows, product.inputs)]),
          delta: writer.write(spectra.delta, [Math.min(product.rows, product.outputs)]),
          gradient: writer.write(spectra.gradient, [rankCeiling(product)]),
        },
      }),
    })),
    ...(trace.paths && {
      paths: {
        count: trace.paths.count,
        shown: trace.paths.shown,
        value: writer.write(trace.paths.value, [trace.paths.count, N]),
        adjoint: writer.write(trace.paths.adjoint, [trace.paths.count, N]),
        partial: writer.write(trace.paths.partial, [trace.paths.count, E]),
        fractions: [...trace.paths.fractions],
        kinks: trace.paths.kinks.map((kink) => ({ ...kink, within: [...kink.within] })),
      },
    }),
    omissions: trace.omissions.map((omission) => ({ ...omission })),
  };
  return { data, buffers: writer.buffers };
}
