/** The derivative by a step into the imaginary: no difference is taken, so that none of the digits are lost. */
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { INPUT } from "../tape/kinds.js";
import type { Tape } from "../tape/tape.js";
import { type Complex, complexRules } from "./complex-rules.js";
import { describeNode } from "./local-checks.js";

/** So small that its square is nothing beside it. */
const STEP = 1e-30;

/** The first operation that has no complex rule; null where all have one, and the tape can be evaluated over complex numbers. */
export function notAnalytic(tape: Tape): string | null {
  for (let id = 0; id < tape.length; id++) {
    const op = tape.ops[id]!;
    if (op === INPUT && !tape.ownObjects?.has(id)) continue;
    if (op >= SCALAR_OPS || complexRules[opNames[op]!] === undefined) return describeNode(tape, id);
  }
  return null;
}

/**
 * The derivative of every node along a direction of the inputs: Im f(x + ih v) / h, by the tape, and by nothing that the tape's
 * derivatives know.
 *
 * @param v one number for each input, in order
 * @see Squire & Trapp (1998), SIAM Review 40
 */
export function complexStep(tape: Tape, v: readonly number[]): (node: number) => number {
  const values: Complex[] = [];
  const of = (node: number, passive: number): Complex => (node < 0 ? [passive, 0] : values[node]!);
  tape.inputNodes.forEach((node, i) => (values[node] = [tape.values[node]!, STEP * v[i]!]));
  for (let id = 0; id < tape.length; id++) {
    const op = tape.ops[id]!;
    if (op === INPUT) continue;
    const a = of(tape.left[id]!, tape.passive[id]!);
    const b = of(tape.right[id]!, tape.passive[id]!);
    values[id] = complexRules[opNames[op]!]!(a, b);
  }
  return (node) => values[node]![1] / STEP;
}
