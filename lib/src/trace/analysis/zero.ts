/** Why an adjoint is zero: different things look the same in a gradient. */
import { TapeFlag, type TapeTrace } from "../tape.js";
import { type Consumers, consumersOf } from "./consumers.js";

/**
 * "stopped": what uses it, if anything does, goes no further than stopGradient. "unused": no operation uses it. "not reached": what
 * uses it does not lead to this output. "step": a piecewise constant
 * operation. "branch": max, min, abs and the like took the other side. "saturated": a smooth operation that is flat here.
 * "cancellation": contributions that are not 0 add up to it.
 */
export type ZeroReason =
  "stopped" | "unused" | "not reached" | "step" | "branch" | "saturated" | "cancellation";

export interface Zero {
  readonly node: number;
  readonly reason: ZeroReason;
  /** The node at which it is lost; −1 where there is none. */
  readonly at: number;
  readonly what: string;
}

type Cut = Extract<ZeroReason, "step" | "branch" | "saturated">;

const cutBy = (flags: number): Cut =>
  flags & TapeFlag.step ? "step" : flags & TapeFlag.kink ? "branch" : "saturated";

const words: Readonly<Record<Cut, (operation: string) => string>> = {
  step: (operation) => `${operation} is piecewise constant: its derivative is 0, and says nothing of its jumps.`, // prettier-ignore
  branch: (operation) => `${operation} took its other side here, on which this has no influence.`,
  saturated: (operation) => `${operation} is flat here: its slope is 0 in floating-point numbers.`,
};

/** Nodes from which the output can be reached along edges, whatever their slopes. */
function leadsToOutput(trace: TapeTrace): Uint8Array {
  const { edges } = trace;
  const leads = new Uint8Array(trace.nodes.id.length);
  const output = trace.outputs[trace.seed]?.node ?? -1;
  if (output < 0) return leads;
  leads[output] = 1;
  for (let n = output; n >= 0; n--) {
    if (!leads[n]) continue;
    for (let e = edges.offsets[n]!; e < edges.offsets[n + 1]!; e++) {
      const from = edges.from[e]!;
      if (from >= 0) leads[from] = 1;
    }
  }
  return leads;
}

/** The first of a node and of what comes of it that stopGradient took as a constant; −1 where there is none. */
function stoppedAt({ nodes }: TapeTrace, node: number, uses: Consumers): number {
  const seen = new Set([node]);
  for (const at of seen) {
    if (nodes.flags[at]! & TapeFlag.stopped) return at;
    for (let use = uses.offsets[at]!; use < uses.offsets[at + 1]!; use++) seen.add(uses.node[use]!);
  }
  return -1;
}

/**
 * Explain an adjoint of 0, or return null where it is not 0.
 * @param node its place in the trace
 * @throws RangeError for a node that there is not
 */
export function explainZero(trace: TapeTrace, node: number, consumers?: Consumers): Zero | null {
  const { nodes, edges, operations } = trace;
  if (nodes.adjoint[node] === undefined) throw new RangeError(`There is no node ${node} in this trace.`);
  if (nodes.adjoint[node] !== 0) return null;
  const uses = consumers ?? consumersOf(trace);
  const said = (reason: ZeroReason, at: number, what: string): Zero => ({ node, reason, at, what });
  const [first, end] = [uses.offsets[node]!, uses.offsets[node + 1]!];
  const leads = leadsToOutput(trace);
  const stop = leads[node] ? -1 : stoppedAt(trace, node, uses);
  if (stop === node) return said("stopped", -1, "stopGradient takes it as a constant: what is computed of that has no derivative by it."); // prettier-ignore
  if (stop >= 0) return said("stopped", stop, "It goes into what stopGradient takes as a constant, and no other way to this output."); // prettier-ignore
  if (first === end) return said("unused", -1, "No operation on the tape uses it.");
  if (!leads[node]) return said("not reached", -1, "Nothing that uses it leads to this output.");
  const cancels = Array.from({ length: end - first }, (_, i) => first + i).some(
    (at) => nodes.adjoint[uses.node[at]!]! * edges.partial[uses.edge[at]!]! !== 0,
  );
  if (cancels) return said("cancellation", node, "Its contributions cancel exactly: they add up to 0.");
  // Upwards through nodes whose adjoint is 0 too, to the first slope of 0 under an adjoint that is not.
  const seen = new Set([node]);
  for (const at of seen)
    for (let use = uses.offsets[at]!; use < uses.offsets[at + 1]!; use++) {
      const user = uses.node[use]!;
      if (!leads[user]) continue;
      if (nodes.adjoint[user] === 0 && edges.partial[uses.edge[use]!] !== 0) {
        seen.add(user);
        continue;
      }
      const reason = cutBy(nodes.flags[user]!);
      return said(reason, user, words[reason](operations[nodes.operation[user]!]!));
    }
  // All that leads on has an adjoint of 0 and a slope: it cancelled further up.
  const at = [...seen].reduce((last, each) => Math.max(last, each));
  return said("cancellation", at, "Further on, contributions cancel exactly: they add up to 0.");
}
