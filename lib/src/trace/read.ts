/** Reading a trace of any kind: one entry for whoever receives a MIME bundle or a comm message. */
import type { BinaryBuffer } from "./arrays.js";
import type { AttentionTrace } from "./attention.js";
import { decodeAttentionTrace } from "./decode.js";
import { decodeRanksTrace } from "./decode-ranks.js";
import { TraceError } from "./errors.js";
import { field, oneOf, record } from "./fields.js";
import { decodeTapeTrace } from "./decode-tape.js";
import type { RanksTrace } from "./ranks.js";
import type { TapeTrace } from "./tape.js";
import { checkMimeType } from "./version.js";

/** Every kind of trace; `kind` tells them apart. */
export type Trace = AttentionTrace | RanksTrace | TapeTrace;

/** One decoder per kind: a new kind is one more row. */
const decoders = {
  attention: decodeAttentionTrace,
  ranks: decodeRanksTrace,
  tape: decodeTapeTrace,
} satisfies Record<Trace["kind"], (data: unknown, buffers: readonly BinaryBuffer[]) => Trace>;

export interface ReadOptions {
  readonly buffers?: readonly BinaryBuffer[];
  /** The MIME type it came under; a newer one is refused whatever the data look like. */
  readonly mimeType?: string;
  /** Which kind it should be; another is refused before anything of it is read. */
  readonly kind?: Trace["kind"];
}

/**
 * Decode a trace of whatever kind it says it is.
 * @throws MalformedTraceError, TraceTooLargeError, NewerTraceError with a sentence fit to be shown
 */
export function readTrace(data: unknown, { buffers = [], mimeType, kind: wanted }: ReadOptions = {}): Trace {
  if (mimeType !== undefined) checkMimeType(mimeType);
  const kinds = Object.keys(decoders) as Trace["kind"][];
  const kind = oneOf(field(record(data, "the trace"), "kind"), "kind", kinds);
  if (wanted !== undefined && kind !== wanted)
    throw new TraceError(`This is a trace of the kind "${kind}"; this view draws the kind "${wanted}".`);
  return decoders[kind](data, buffers);
}
