/** Replay: the values of a tape for other inputs, as long as every branch goes the way it went. */
import { evaluate } from "../rules/generated/evaluate.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { comparisons } from "./guards.js";
import { INPUT } from "./kinds.js";
import { checkPlainTape } from "./tangent.js";
import type { Guard, Tape } from "./tape.js";

/**
 * Compute the tape anew, in place.
 *
 * @param inputs one number for each input, in order
 * @returns null; or the first guard that came out otherwise: the values before its position are right, the rest are old
 * @throws TapeLimitError for a tape with calls
 */
export function replay(tape: Tape, inputs: readonly number[]): Guard | null {
  checkPlainTape(tape, "A replay");
  const { ops, left, right, passive, values, guards } = tape;
  let [nextInput, nextGuard] = [0, 0];
  for (let i = 0; i <= tape.length; i++) {
    for (; nextGuard < guards.length && guards[nextGuard]!.position <= i; nextGuard++) {
      const guard = guards[nextGuard]!;
      const [a, b] = [
        guard.left < 0 ? guard.a : values[guard.left]!,
        guard.right < 0 ? guard.b : values[guard.right]!,
      ];
      if (comparisons[guard.kind](a, b) !== guard.outcome) return guard;
    }
    if (i === tape.length) break;
    const op = ops[i]!;
    if (op === INPUT) values[i] = inputs[nextInput++]!;
    else if (op < SCALAR_OPS) {
      const [l, r] = [left[i]!, right[i]!];
      values[i] = evaluate(op, l < 0 ? passive[i]! : values[l]!, r < 0 ? passive[i]! : values[r]!);
    }
  }
  return null;
}
