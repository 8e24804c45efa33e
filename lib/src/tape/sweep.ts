/** The reverse sweep: from the adjoints of some nodes to those of every node before them. */
import { type Leaf, Recorded, type Scalar } from "../ad/recorded.js";
import { addLeaves } from "../ad/leaves.js";
import { derivatives } from "../rules/generated/derivatives.js";
import { mul } from "../rules/generated/record.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { reverseScalars } from "../rules/generated/reverse.js";
import { type Tape, TapeNumber } from "./tape.js";
import { CALL, NESTED, STATEMENT } from "./kinds.js";

/** Adjoints by node; undefined where the seeds do not reach. */
export interface Adjoints {
  of(node: number): Leaf | undefined;
}

export interface SweepOptions {
  /** Only nodes before this position; the end of the tape when not given. */
  readonly from?: number;
  /** Only nodes from this position on: evaluate a part of the tape. */
  readonly to?: number;
}

/**
 * @param seeds the adjoints of some nodes, numbers or, for nodes that are objects, objects
 */
export function sweep(
  tape: Tape,
  seeds: ReadonlyMap<number, Leaf>,
  { from = tape.length, to = 0 }: SweepOptions = {},
): Adjoints {
  const plain =
    !tape.isNested &&
    [...seeds].every(([id, seed]) => typeof seed === "number" || tape.ownObjects?.has(id) === true);
  const adjoints = plain ? plainSweep(tape, seeds, from, to) : nestedSweep(tape, seeds, from, to);
  tape.swept((node) => adjoints.of(node), from, to);
  return adjoints;
}

/** Adjoints of the last sweep that nobody needs any more. */
let spare = new Float64Array(0);

/**
 * The adjoints of the inputs of a tape of plain numbers, for the adjoint 1 of one node: what most gradients are, without what
 * the others need.
 *
 * @returns one for each input, 0 where it was not reached; null for a tape that has more on it than numbers
 */
export function plainGradient(tape: Tape, output: number): number[] | null {
  if (tape.isNested || tape.ownCalls !== null || tape.ownObjects !== null || tape.isObserved) return null;
  const { length, inputNodes } = tape;
  if (spare.length < length) spare = new Float64Array(2 * length);
  const adjoints = spare;
  adjoints.fill(-0, 0, length);
  if (output >= 0) adjoints[output] = 1;
  // Statements by themselves, and everything else in between.
  for (let end = length; end > 0;) {
    end = reverseStatements(tape, adjoints, end);
    let from = end;
    while (from > 0 && tape.ops[from - 1] !== STATEMENT) from--;
    if (from < end) reverseScalars(tape, adjoints, from, end, nothing);
    end = from;
  }
  const found = new Array<number>(inputNodes.length);
  // An adjoint of −0, which stands for none, becomes 0.
  for (let i = 0; i < found.length; i++) found[i] = adjoints[inputNodes[i]!]! + 0;
  return found;
}

const nothing = (): void => {};

/**
 * The reverse sweep over the statements at the end of a tape, from node `end` − 1 down: a loop that is small enough to be fast.
 * @returns the node after the first one that is none
 */
function reverseStatements(
  { ops, left, right, args, weights }: Tape,
  adjoints: Float64Array,
  end: number,
): number {
  let i = end - 1;
  if (i < 0 || ops[i] !== STATEMENT) return end;
  // Their inputs lie one after the other: where one's begin, those of the one before end.
  let to = right[i]!;
  for (; i >= 0 && ops[i] === STATEMENT; i--) {
    const g = adjoints[i]!;
    const from = left[i]!;
    let k = from;
    // −0: not reached. Four, two, one, so that what is written does not wait for what is read.
    if (g !== 0 || 1 / g > 0) {
      for (; k + 4 <= to; k += 4) {
        const a = args[k]!;
        const b = args[k + 1]!;
        const c = args[k + 2]!;
        const d = args[k + 3]!;
        const toA = g * weights[k]! + 0;
        const toB = g * weights[k + 1]! + 0;
        const toC = g * weights[k + 2]! + 0;
        const toD = g * weights[k + 3]! + 0;
        adjoints[a] = adjoints[a]! + toA;
        adjoints[b] = adjoints[b]! + toB;
        adjoints[c] = adjoints[c]! + toC;
        adjoints[d] = adjoints[d]! + toD;
      }
      if (k + 2 <= to) {
        const a = args[k]!;
        const b = args[k + 1]!;
        const toA = g * weights[k]! + 0;
        const toB = g * weights[k + 1]! + 0;
        adjoints[a] = adjoints[a]! + toA;
        adjoints[b] = adjoints[b]! + toB;
        k += 2;
      }
      if (k < to) adjoints[args[k]!] = adjoints[args[k]!]! + (g * weights[k]! + 0);
    }
    to = from;
  }
  return i + 1;
}

const isUnreached = (adjoint: number): boolean => Object.is(adjoint, -0);

/** Over plain numbers; what is not a number goes beside them. */
function plainSweep(tape: Tape, seeds: ReadonlyMap<number, Leaf>, from: number, to: number): Adjoints {
  const adjoints = new Float64Array(tape.length).fill(-0);
  const objects = new Map<number, Leaf>();
  let isRecorded = false;
  const accumulate = (node: number, adjoint: Leaf) => {
    isRecorded ||= adjoint instanceof Recorded;
    if (typeof adjoint === "number") adjoints[node] = adjoints[node]! + adjoint + 0;
    else objects.set(node, addLeaves(objects.get(node), adjoint));
  };
  const of = (node: number): Leaf | undefined =>
    objects.get(node) ?? (isUnreached(adjoints[node]!) ? undefined : adjoints[node]!);
  seeds.forEach((seed, node) => accumulate(node, seed));
  reverseScalars(tape, adjoints, to, from, (node) => {
    if (tape.ops[node] === CALL) pullBack(tape, node, of, accumulate);
  });
  // An adjoint that somebody gave may depend on what an enclosing transform records, though no value does.
  return isRecorded ? nestedSweep(tape, seeds, from, to) : { of };
}

/** The adjoints of a call's inputs from those of its results. */
function pullBack(
  tape: Tape,
  node: number,
  of: (node: number) => Leaf | undefined,
  accumulate: (node: number, adjoint: Leaf) => void,
): void {
  const call = tape.calls.get(node)!;
  const given = Array.from({ length: call.results }, (_, i) => of(node + 1 + i));
  if (given.every((adjoint) => adjoint === undefined)) return;
  tape.sweptCall = node;
  call.vjp(given).forEach((adjoint, i) => {
    const input = call.inputs[i]!;
    if (input >= 0 && adjoint !== undefined) accumulate(input, adjoint);
  });
}

/** The same where an enclosing transform records: every product and sum is an operation that it sees. */
function nestedSweep(tape: Tape, seeds: ReadonlyMap<number, Leaf>, from: number, to: number): Adjoints {
  const adjoints = new Map<number, Leaf>(seeds);
  const of = (node: number) => adjoints.get(node);
  const accumulate = (node: number, adjoint: Leaf) =>
    void adjoints.set(node, addLeaves(adjoints.get(node), adjoint));
  const valueOf = (node: number): Scalar => new TapeNumber(tape, node).primal;
  for (let node = from - 1; node >= to; node--) {
    const kind = tape.ops[node]!;
    if (kind === CALL) pullBack(tape, node, of, accumulate);
    const adjoint = adjoints.get(node) as Scalar | undefined;
    if (kind === STATEMENT && adjoint !== undefined)
      for (let k = tape.left[node]!; k < tape.right[node]!; k++)
        accumulate(tape.args[k]!, mul(tape.weights[k]!, adjoint));
    if (adjoint === undefined || (kind >= SCALAR_OPS && kind !== NESTED)) continue;
    const left = tape.left[node]!;
    const right = tape.right[node]!;
    const nested = kind === NESTED ? tape.nestedNodes.get(node)! : null;
    const op = nested?.op ?? kind;
    const a = nested?.a ?? (left < 0 ? tape.passive[node]! : valueOf(left));
    const b = nested ? nested.b : right < 0 ? tape.passive[node]! : valueOf(right);
    const [da, db] = derivatives[op]!(a, b!, valueOf(node));
    if (left >= 0) accumulate(left, mul(da!, adjoint));
    if (right >= 0) accumulate(right, mul(db!, adjoint));
  }
  return { of };
}
