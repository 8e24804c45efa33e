/** A node of a tape as something to look at. */
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { scalarRules } from "../rules/scalar-rules.js";
import { type Span, spanOf } from "../runtime/sources.js";
import { CALL, INPUT, kindNames, NESTED, PART } from "./kinds.js";
import type { Tape } from "./tape.js";

export interface TapeNode {
  readonly id: number;
  /** The operation, "input", or the name of a call. */
  readonly op: string;
  /** The nodes that it was computed from; a passive operand as its value. */
  readonly operands: readonly (string | number)[];
  readonly value: number;
  /** The name of an input. */
  readonly name?: string;
  readonly span: Span | null;
}

/** The operation, "input", or the name of a call. */
export const opOf = (tape: Tape, id: number): string => {
  const op = tape.ops[id]!;
  if (op < SCALAR_OPS) return opNames[op]!;
  if (op === CALL) return tape.calls.get(id)!.name;
  const nested = op === NESTED ? tape.nestedNodes.get(id) : undefined;
  return nested ? opNames[nested.op]! : kindNames[op]!;
};

function operandsOf(tape: Tape, id: number): (string | number)[] {
  const op = tape.ops[id]!;
  const of = (node: number, passive: number) => (node < 0 ? passive : `%${node}`);
  if (op === INPUT) return [];
  if (op === CALL) return tape.calls.get(id)!.inputs.map((node) => (node < 0 ? "·" : `%${node}`));
  if (op === PART) return [`%${tape.left[id]}`, tape.right[id]!];
  const scalarOp = op === NESTED ? tape.nestedNodes.get(id)!.op : op;
  const isBinary = scalarRules[opNames[scalarOp]!].partials.length === 2;
  const first = of(tape.left[id]!, tape.passive[id]!);
  return isBinary ? [first, of(tape.right[id]!, tape.passive[id]!)] : [first];
}

export function nodeAt(tape: Tape, id: number): TapeNode {
  const name = tape.ops[id] === INPUT ? tape.inputs.get(id) : undefined;
  return {
    id,
    op: opOf(tape, id),
    operands: operandsOf(tape, id),
    value: tape.values[id]!,
    ...(name !== undefined && { name }),
    span: spanOf(tape.sites[id]!),
  };
}
