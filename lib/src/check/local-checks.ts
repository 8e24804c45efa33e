/** Every operation of a tape by itself: whose derivative disagrees with a difference of it, and who is near a kink. */
import { evaluate } from "../rules/generated/evaluate.js";
import { kinkMargin } from "../rules/generated/kinks.js";
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { partials } from "../rules/generated/partials.js";
import { spanOf } from "../runtime/sources.js";
import { CALL } from "../tape/kinds.js";
import type { Tape } from "../tape/tape.js";
import { relative, scaleOf, slope } from "./slope.js";

/** A margin that a difference may cross, relative to 1 + |a|. */
const NEAR = 1e-6;
const MOST_KINKS = 10;

function operandsOf({ left, right, passive, values }: Tape, id: number): readonly [a: number, b: number] {
  const of = (node: number) => (node < 0 ? passive[id]! : values[node]!);
  return [of(left[id]!), of(right[id]!)];
}

const describe = (tape: Tape, id: number, name: string): string => {
  const span = spanOf(tape.sites[id]!);
  return span === null
    ? `${name} (node %${id})`
    : `${name}, \`${span.text}\` at ${span.name}, line ${span.line}`;
};

/** Every operation by itself, in the order of evaluation. */
export function culpritOn(tape: Tape, tolerance: number): string | null {
  const local = new Float64Array(2);
  for (let id = 0; id < tape.length; id++) {
    const op = tape.ops[id]!;
    if (op === CALL && !agrees(tape, id, tolerance)) return describe(tape, id, tape.calls.get(id)!.name);
    if (op >= SCALAR_OPS) continue;
    const [a, b] = operandsOf(tape, id);
    partials(op, a, b, tape.values[id]!, local);
    for (const [i, node] of [tape.left[id]!, tape.right[id]!].entries()) {
      if (node < 0) continue;
      const along = (h: number) => (i === 0 ? evaluate(op, a + h, b) : evaluate(op, a, b + h));
      const difference = slope(along, scaleOf([i === 0 ? a : b]));
      if (relative(local[i]!, difference) > tolerance * 10) return describe(tape, id, opNames[op]!);
    }
  }
  return null;
}

/** A call's adjoint against differences of the function that it belongs to, in each of its inputs. */
function agrees(tape: Tape, id: number, tolerance: number): boolean {
  const call = tape.calls.get(id)!;
  const at = call.inputs.map((node) => (node < 0 ? 0 : tape.values[node]!));
  return Array.from({ length: call.results }, (_, j) => j).every((j) => {
    const adjoints = call.vjp(Array.from({ length: call.results }, (_, i) => (i === j ? 1 : 0)));
    return call.inputs.every((node, i) => {
      if (node < 0) return true;
      const along = (h: number) => Number(call.evaluate(at.map((y, n) => (n === i ? y + h : y)))[j]);
      return relative(Number(adjoints[i] ?? 0), slope(along, scaleOf([at[i]!]))) <= tolerance * 10;
    });
  });
}

/** Operations whose margin to a kink or a jump is smaller than a difference's step. */
export function kinksOn(tape: Tape): string[] {
  const found: string[] = [];
  for (let id = 0; id < tape.length && found.length < MOST_KINKS; id++) {
    const op = tape.ops[id]!;
    if (op >= SCALAR_OPS) continue;
    const [a, b] = operandsOf(tape, id);
    // NaN for what is smooth everywhere.
    if (Math.abs(kinkMargin(op, a, b, tape.values[id]!)) < NEAR * (1 + Math.abs(a)))
      found.push(describe(tape, id, opNames[op]!));
  }
  return found;
}
