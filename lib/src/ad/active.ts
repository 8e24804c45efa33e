/** What is recording at this moment. */
import type { Tape } from "../tape/tape.js";
import { endedError, LEAF, Recorded, type Scalar, type Trace } from "./recorded.js";

type Process = (op: number, a: Scalar, b: Scalar | undefined, site: number) => Scalar;

/** Shared with instrumented code, which asks before every call of a function which of its two bodies to run. */
export interface Runtime {
  recording: number;
  sites: number;
  sources: unknown[];
  /** The only trace, where that is a tape on which expressions may be one node. */
  fused?: Tape | null;
  ops?: unknown;
}

export const runtime: Runtime = ((globalThis as Record<symbol, unknown>)[Symbol.for("cotangent.runtime")] ??=
  {
    recording: 0,
    sites: 0,
    sources: [],
  }) as Runtime;

/** Mutable on purpose: arithmetic reads it at every operation. */
export const active = {
  /** The only trace, where that is a tape: what most recording meets. */
  fast: null as Tape | null,
  /** The innermost last. */
  traces: [] as Trace[],
  /** What to do with an operation that is not the plain case; there when something has begun to record. */
  process: null as Process | null,
  /** Operations on tensors; there when there has been a tensor. */
  tensors: null as Process | null,
};

/** What records a value; null for a plain number or tensor, and for anything else. */
function traceOf(value: unknown): Trace | null {
  if (value instanceof Recorded) return value.trace;
  if (typeof value !== "object" || value === null || !(LEAF in value)) return null;
  return (value as unknown as { readonly trace: Trace | null }).trace;
}

/**
 * The trace of the highest level among some values': it sees an operation on them first. Null where none is recorded.
 * @throws EscapedValueError when that trace has ended
 */
export function innermostOf(values: readonly unknown[]): Trace | null {
  let innermost: Trace | null = null;
  for (const value of values) {
    const trace = traceOf(value);
    if (trace !== null && (innermost === null || trace.level > innermost.level)) innermost = trace;
  }
  if (innermost !== null && !active.traces.includes(innermost)) throw endedError();
  return innermost;
}
