/** What a node can be besides a scalar operation. */
import { SCALAR_OPS } from "../rules/generated/opcodes.js";

/** An input of the recorded function. */
export const INPUT = SCALAR_OPS;
/** A scalar operation on values that an enclosing transform records: its operands are in `Tape.nestedNodes`. */
export const NESTED = SCALAR_OPS + 1;
/** An operation with an adjoint of its own; its results are the PART nodes that follow it. */
export const CALL = SCALAR_OPS + 2;
/** One result of a CALL: `left` is the call, `right` which result. */
export const PART = SCALAR_OPS + 3;

/** An expression of several operations whose partials were computed when it was recorded. */
export const STATEMENT = SCALAR_OPS + 4;

export const kindNames: Readonly<Record<number, string>> = {
  [INPUT]: "input",
  [NESTED]: "nested",
  [CALL]: "call",
  [PART]: "part",
  [STATEMENT]: "statement",
};
