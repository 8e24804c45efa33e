/** Every operation of a tape by itself: whose derivative disagrees with a difference of it, and who is near a kink. */
import { evaluate } from "../rules/generated/evaluate.js";
import { kinkMargin } from "../rules/generated/kinks.js";
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { partials } from "../rules/generated/partials.js";
import { spanOf } from "../runtime/sources.js";
import { CALL } from "../tape/kinds.js";
import type { Tape } from "../tape/tape.js";
import { zeroLike } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";
import { mulberry32 } from "../random/mulberry32.js";
import { normal } from "../random/normal.js";
import { opOf } from "../tape/node.js";
import { leavesLike, vectorOf } from "../transforms/leaf-vector.js";
import { NonFiniteStepError, relative, scaleOf, slope } from "./slope.js";

/** A margin that a difference may cross, relative to 1 + |a|. */
const NEAR = 1e-6;
const MOST_KINKS = 10;

function operandsOf({ left, right, passive, values }: Tape, id: number): readonly [a: number, b: number] {
  const of = (node: number) => (node < 0 ? passive[id]! : values[node]!);
  return [of(left[id]!), of(right[id]!)];
}

/** The operation, with its expression and place. */
export const describeNode = (tape: Tape, id: number): string => describe(tape, id, opOf(tape, id));

const describe = (tape: Tape, id: number, name: string): string => {
  const span = spanOf(tape.sites[id]!);
  return span === null
    ? `${name} (node %${id})`
    : `${name}, \`${span.text}\` at ${span.name}, line ${span.line}`;
};

/** Null where there is none. */
function differenceOf(f: (h: number) => number, step: number): number | null {
  try {
    return slope(f, step);
  } catch (error) {
    if (error instanceof NonFiniteStepError) return null;
    throw error;
  }
}

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
      const difference = differenceOf(along, scaleOf([i === 0 ? a : b]));
      if (difference !== null && relative(local[i]!, difference) > tolerance * 10)
        return describe(tape, id, opNames[op]!);
    }
  }
  return null;
}

/** A call's adjoint against differences of the function that it belongs to, in random directions of its inputs and results. */
function agrees(tape: Tape, id: number, tolerance: number): boolean {
  const call = tape.calls.get(id)!;
  const active = call.inputs.flatMap((node, i) => (node < 0 ? [] : [i]));
  const at = active.map((i): Leaf => leafAt(tape, call.inputs[i]!));
  const uniform = mulberry32(id + 1);
  const draw = (n: number) => Float64Array.from({ length: n }, () => normal(uniform));
  const from = vectorOf(at);
  const evaluate = (x: Float64Array): readonly Leaf[] => {
    const moved = leavesLike(at, x);
    const inputs = call.inputs.map((): Leaf => 0);
    active.forEach((i, k) => (inputs[i] = moved[k]!));
    return call.evaluate(inputs);
  };
  const results = evaluate(from);
  const size = vectorOf(results).length;
  for (let round = 0; round < DIRECTIONS; round++) {
    const [v, w] = [draw(from.length), draw(size)];
    const adjoints = call.vjp(leavesLike(results, w));
    const reached = active.map((i, k) => adjoints[i] ?? zeroLike(at[k]!));
    const along = (h: number) => dot(w, vectorOf(evaluate(from.map((x, i) => x + h * v[i]!))));
    try {
      const difference = slope(along, scaleOf(largestOf(from)));
      if (relative(dot(vectorOf(reached), v), difference) > tolerance * 10) return false;
    } catch (error) {
      // Where there is no difference nothing disagrees.
      if (!(error instanceof NonFiniteStepError)) throw error;
    }
  }
  return true;
}

const DIRECTIONS = 3;
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const largestOf = (x: Float64Array): number[] => [x.reduce((most, y) => Math.max(most, Math.abs(y)), 0)];

/** What a node holds: a number or a tensor. */
const leafAt = (tape: Tape, node: number): Leaf => tape.ownObjects?.get(node) ?? tape.values[node]!;

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
