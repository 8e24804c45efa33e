/** The tangent sweep over whatever a tape holds: from tangents of the inputs to those of some nodes; numbers and tensors. */
import { addLeaves } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { derivatives } from "../rules/generated/derivatives.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { mul } from "../rules/generated/record.js";
import { CALL, NESTED, STATEMENT } from "./kinds.js";
import { type Tape, TapeNumber } from "./tape.js";

type Tangents = Map<number, Leaf>;

/**
 * @param seeds by input node
 * @returns the tangent of a node; undefined for 0
 * @throws NoTangentError (by the call) where an operation has an adjoint alone
 */
export function linearMap(tape: Tape, seeds: ReadonlyMap<number, Leaf>): (node: number) => Leaf | undefined {
  const tangents: Tangents = new Map(seeds);
  for (let node = 0; node < tape.length; node++) {
    const kind = tape.ops[node]!;
    if (kind < SCALAR_OPS || kind === NESTED) ofOperation(tape, node, tangents);
    else if (kind === STATEMENT) ofStatement(tape, node, tangents);
    else if (kind === CALL) ofCall(tape, node, tangents);
  }
  return (node) => tangents.get(node);
}

function accumulate(tangents: Tangents, node: number, weight: Scalar, from: number): void {
  const along = tangents.get(from);
  if (along !== undefined) tangents.set(node, addLeaves(tangents.get(node), mul(weight, along as Scalar)));
}

function ofOperation(tape: Tape, node: number, tangents: Tangents): void {
  const [left, right] = [tape.left[node]!, tape.right[node]!];
  if (!tangents.has(left) && !tangents.has(right)) return;
  const valueOf = (id: number): Scalar => new TapeNumber(tape, id).primal;
  const nested = tape.nested?.get(node);
  const a = nested ? nested.a : left < 0 ? tape.passive[node]! : valueOf(left);
  const b = nested ? nested.b : right < 0 ? tape.passive[node]! : valueOf(right);
  const [da, db] = derivatives[nested?.op ?? tape.ops[node]!]!(a, b!, valueOf(node));
  if (left >= 0) accumulate(tangents, node, da!, left);
  if (right >= 0) accumulate(tangents, node, db!, right);
}

function ofStatement(tape: Tape, node: number, tangents: Tangents): void {
  for (let k = tape.left[node]!; k < tape.right[node]!; k++)
    accumulate(tangents, node, tape.weights[k]!, tape.args[k]!);
}

function ofCall(tape: Tape, node: number, tangents: Tangents): void {
  const call = tape.calls.get(node)!;
  const given = call.inputs.map((input) => (input < 0 ? undefined : tangents.get(input)));
  if (given.every((tangent) => tangent === undefined)) return;
  call.jvp(given).forEach((tangent, i) => {
    // The results are the nodes behind the call.
    if (tangent !== undefined) tangents.set(node + 1 + i, tangent);
  });
}
