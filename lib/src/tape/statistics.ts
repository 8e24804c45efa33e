/** What is on a tape, in numbers. */
import { BYTES_PER_NODE } from "./bytes.js";
import { opOf } from "./node.js";
import type { Tape } from "./tape.js";

export interface TapeStatistics {
  readonly nodes: number;
  readonly inputs: number;
  readonly guards: number;
  /** How often each operation occurs, the most frequent first. */
  readonly operations: Readonly<Record<string, number>>;
  /** Bytes of the columns that are in use, 29 a node; a sweep adds 8 for its adjoint. */
  readonly bytes: number;
  /** The longest chain of operations. */
  readonly depth: number;
}

export function tapeStatistics(tape: Tape): TapeStatistics {
  const counts = new Map<string, number>();
  const depths = new Int32Array(tape.length);
  let depth = 0;
  for (let id = 0; id < tape.length; id++) {
    const op = opOf(tape, id);
    counts.set(op, (counts.get(op) ?? 0) + 1);
    const [l, r] = [tape.left[id]!, tape.right[id]!];
    const deeper = Math.max(l >= 0 ? depths[l]! : -1, r >= 0 && r < id ? depths[r]! : -1);
    depths[id] = deeper + 1;
    depth = Math.max(depth, depths[id]!);
  }
  return {
    nodes: tape.length,
    inputs: tape.inputNodes.length,
    guards: tape.guards.length,
    operations: Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b))),
    bytes: tape.length * BYTES_PER_NODE,
    depth,
  };
}
