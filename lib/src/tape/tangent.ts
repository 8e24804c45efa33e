/** The tangent sweep: from the tangents of the inputs to those of every node, on a tape that is there. */
import { partials } from "../rules/generated/partials.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { CALL, NESTED, PART } from "./kinds.js";
import type { Tape } from "./tape.js";

/** The tape has operations that only a new run of the function can treat so. */
export class TapeLimitError extends Error {
  override readonly name = "TapeLimitError";
}

/** @throws TapeLimitError for a tape with calls, or inside another transform */
export function checkPlainTape(tape: Tape, what: string): void {
  for (let i = 0; i < tape.length; i++) {
    const op = tape.ops[i]!;
    if (op === CALL || op === NESTED || op === PART)
      throw new TapeLimitError(`${what} is of tapes of scalar operations; this one has a ${op === NESTED ? "nested derivative" : tape.calls.get(i)?.name ?? "call"}.`); // prettier-ignore
  }
}

/**
 * @param seeds tangents by input node
 * @returns the tangent of every node
 */
export function tangentSweep(tape: Tape, seeds: ReadonlyMap<number, number>): Float64Array {
  checkPlainTape(tape, "A tangent sweep");
  const { ops, left, right, passive, values } = tape;
  const tangents = new Float64Array(tape.length);
  const local = new Float64Array(2);
  for (let i = 0; i < tape.length; i++) {
    const op = ops[i]!;
    if (op >= SCALAR_OPS) {
      tangents[i] = seeds.get(i) ?? 0;
      continue;
    }
    const [l, r] = [left[i]!, right[i]!];
    partials(op, l < 0 ? passive[i]! : values[l]!, r < 0 ? passive[i]! : values[r]!, values[i]!, local);
    tangents[i] = (l < 0 ? 0 : local[0]! * tangents[l]!) + (r < 0 ? 0 : local[1]! * tangents[r]!);
  }
  return tangents;
}
