/** Entering and leaving a transform. */
import * as record from "../rules/generated/record.js";
import { runtimeOps } from "../runtime/ops.js";
import { describeSite } from "../runtime/sources.js";
import { Tape } from "../tape/tape.js";
import { active, runtime } from "./active.js";
import { installMethods } from "./methods.js";
import { process } from "./process.js";
import { places, Recorded, type Trace } from "./recorded.js";

/** The level of the next transform. */
export const nextLevel = (): number => active.traces.length;

/** Run `body` while `trace` records; the traces that are entered meanwhile are left before it is. */
export function within<T, A extends unknown[]>(trace: Trace, body: (...args: A) => T, args?: A): T {
  if (active.process === null) {
    const { recorders: _, ...operations } = record;
    installMethods(Recorded.prototype, operations as never);
    active.process = process;
    places.describe = describeSite;
  }
  // The copy of the library that records is the one that instrumented code is to call, where there are several.
  runtime.ops = runtimeOps;
  active.traces.push(trace);
  refresh();
  try {
    return args === undefined ? (body as () => T)() : body(...args);
  } finally {
    active.traces.pop();
    refresh();
  }
}

/** The fast path and the question of instrumented code follow what records. */
function refresh(): void {
  const { traces } = active;
  const only = traces.length === 1 ? traces[0] : null;
  active.fast = only instanceof Tape ? only : null;
  runtime.recording = traces.length;
  runtime.fused = active.fast?.isFused ? active.fast : null;
}
