/** Vector mode: k reverse sweeps in one pass, so that every local partial is computed once. */
import { partials } from "../rules/generated/partials.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { checkPlainTape } from "./tangent.js";
import type { Tape } from "./tape.js";

/**
 * @param seeds by node, the k adjoints of it
 * @returns [node × k]: the k adjoints of node i are at i·k … i·k + k − 1
 */
export function vectorSweep(
  tape: Tape,
  seeds: ReadonlyMap<number, ArrayLike<number>>,
  k: number,
): Float64Array {
  checkPlainTape(tape, "Vector mode");
  const { ops, left, right, passive, values } = tape;
  const adjoints = new Float64Array(tape.length * k);
  for (const [node, seed] of seeds) for (let j = 0; j < k; j++) adjoints[node * k + j]! += seed[j]!;
  const local = new Float64Array(2);
  for (let i = tape.length - 1; i >= 0; i--) {
    if (ops[i]! >= SCALAR_OPS) continue;
    let reached = false;
    for (let j = 0; j < k; j++) reached ||= adjoints[i * k + j] !== 0;
    if (!reached) continue;
    const [l, r] = [left[i]!, right[i]!];
    partials(ops[i]!, l < 0 ? passive[i]! : values[l]!, r < 0 ? passive[i]! : values[r]!, values[i]!, local);
    if (l >= 0) for (let j = 0; j < k; j++) adjoints[l * k + j]! += adjoints[i * k + j]! * local[0]!;
    if (r >= 0) for (let j = 0; j < k; j++) adjoints[r * k + j]! += adjoints[i * k + j]! * local[1]!;
  }
  return adjoints;
}
