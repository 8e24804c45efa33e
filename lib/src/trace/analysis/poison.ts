/** Where NaN and infinities come from: the first in the order of computation, not the first in the order of the sweep. */
import { TapeFlag, type TapeTrace } from "../tape.js";
import { type Consumers, consumersOf } from "./consumers.js";
import { remedyOf } from "./remedies.js";

export interface Poison {
  /** Where it was born. */
  readonly node: number;
  /** Given, computed forward, or made by the adjoints of finite values: 0 · ∞, the trap of `where`. */
  readonly born: "input" | "value" | "adjoint";
  /** A sentence. */
  readonly what: string;
  readonly remedy: string;
}

/** Nodes whose numbers are NaN by design. */
const NO_NUMBER = TapeFlag.call | TapeFlag.tensor;

const nameOf = (value: number): string => (Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞");

/** Whether all operands that the trace has are finite: then the node itself is where it went wrong. */
function isBornAt({ nodes, edges }: TapeTrace, of: Float64Array, node: number): boolean {
  for (let e = edges.offsets[node]!; e < edges.offsets[node + 1]!; e++) {
    const from = edges.from[e]!;
    if (from >= 0 && !(nodes.flags[from]! & NO_NUMBER) && !Number.isFinite(of[from]!)) return false;
  }
  return true;
}

function bornForward(trace: TapeTrace): Poison | null {
  const { nodes, inputs, operations } = trace;
  for (let n = 0; n < nodes.id.length; n++) {
    const value = nodes.value[n]!;
    if (nodes.flags[n]! & NO_NUMBER || Number.isFinite(value)) continue;
    if (nodes.flags[n]! & TapeFlag.input) {
      const path = inputs.find(({ node }) => node === n)?.path ?? `%${nodes.id[n]}`;
      return {
        node: n,
        born: "input",
        what: `The input ${path} is ${nameOf(value)}.`,
        remedy: "check what it was given",
      };
    }
    const operation = operations[nodes.operation[n]!]!;
    const { what, remedy } = remedyOf(operation);
    const from = isBornAt(trace, nodes.value, n) ? `: ${what}` : " from an operand that is not finite";
    return { node: n, born: "value", what: `${operation} gives ${nameOf(value)}${from}.`, remedy };
  }
  return null;
}

/** All values are finite, and an adjoint is not: the last node on the tape whose own adjoint is finite and whose slope is not. */
function bornBackward(trace: TapeTrace, consumers: Consumers): Poison | null {
  const { nodes, edges, operations } = trace;
  for (let n = nodes.id.length - 1; n >= 0; n--) {
    if (nodes.flags[n]! & NO_NUMBER || Number.isFinite(nodes.adjoint[n]!)) continue;
    for (let at = consumers.offsets[n]!; at < consumers.offsets[n + 1]!; at++) {
      const user = consumers.node[at]!;
      const partial = edges.partial[consumers.edge[at]!]!;
      if (nodes.flags[user]! & (NO_NUMBER | TapeFlag.part) || Number.isFinite(partial)) continue;
      const operation = operations[nodes.operation[user]!]!;
      const adjoint = nodes.adjoint[user]!;
      const product =
        adjoint === 0
          ? `0 · ${nameOf(partial)} = NaN, so a branch that was not taken still poisons it`
          : `its slope is ${nameOf(partial)}`;
      return {
        node: user,
        born: "adjoint",
        what: `Every value is finite, but the adjoint behind ${operation} is ${nameOf(nodes.adjoint[n]!)}: ${product}.`,
        remedy: remedyOf(operation).remedy,
      };
    }
    return {
      node: n,
      born: "adjoint",
      what: `Every value is finite, but the adjoint here is ${nameOf(nodes.adjoint[n]!)}.`,
      remedy: "look at the contributions that add up to it",
    };
  }
  return null;
}

/**
 * The first NaN or infinity in the order of computation, or null where all numbers are finite.
 * Adjoints are looked at only where all values are finite: they follow from the values.
 */
export const findPoison = (trace: TapeTrace, consumers?: Consumers): Poison | null =>
  bornForward(trace) ?? bornBackward(trace, consumers ?? consumersOf(trace));
