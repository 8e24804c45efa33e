/** vjp: the value of a function, and the map from an adjoint of its result to those of its arguments. */
import { nextLevel, within } from "../ad/enter.js";
import { addLeaves, isLeafObject, zeroLike } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { newTape } from "../tape/events.js";
import { sweep } from "../tape/sweep.js";
import { type Tape, TapeNumber } from "../tape/tape.js";
import { type Flat, flatten, flattenLike, leafTree, TreeError } from "../tree/tree.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";

/** A function that was recorded, with its arguments and its result as they stand on the tape. */
export class Recording {
  readonly tape: Tape;
  readonly args: readonly Flat[];
  readonly result: Flat;
  /** Nodes of the result's leaves; −1 for one that does not depend on the arguments. */
  readonly outputs: readonly number[];
  /** The result one level below. */
  readonly value: unknown;

  constructor(tape: Tape, args: readonly Flat[], result: Flat, outputs: readonly number[], value: unknown) {
    this.tape = tape;
    this.args = args;
    this.result = result;
    this.outputs = outputs;
    this.value = value;
  }

  /** Nodes of the arguments' leaves, in order. */
  get inputs(): readonly number[] {
    return this.tape.inputNodes;
  }
}

function areNumbers(leaves: readonly Leaf[]): leaves is readonly number[] {
  for (let i = 0; i < leaves.length; i++) if (typeof leaves[i] !== "number") return false;
  return true;
}

/**
 * Run a function while a tape records what it does.
 * @param isFused whether expressions may be one node, because nobody will look at the nodes
 */
export function recordCall(f: Differentiable, values: readonly unknown[], isFused = false): Recording {
  const tape = newTape(nextLevel(), isFused);
  const args = new Array<Flat>(values.length);
  const given = new Array<unknown>(values.length);
  for (let i = 0; i < args.length; i++) {
    const flat = (args[i] = flatten(values[i], args.length === 1 ? "argument" : `argument${i}`));
    const { leaves } = flat;
    const wrapped = areNumbers(leaves)
      ? tape.numbers(leaves)
      : leaves.map((leaf, k) => inputOf(tape, leaf, flat, k));
    given[i] = flat.rebuildRecorded(wrapped);
  }
  tape.inputTrees = args;
  const returned = within(tape, f, given);
  // Most functions that are differentiated return one number.
  if (returned instanceof TapeNumber && returned.tape === tape)
    return new Recording(tape, args, leafTree(returned), [returned.id], returned.primal);
  if (returned instanceof Promise) {
    returned.catch(() => {});
    throw new TreeError(
      "The function returned a promise; a function that is differentiated returns its value at once.",
    );
  }
  const result = flatten(returned, "result");
  const outputs = result.leaves.map((leaf) => nodeOn(tape, leaf));
  const value = result.rebuild(result.leaves.map((leaf, i) => (outputs[i]! < 0 ? leaf : below(leaf))));
  return new Recording(tape, args, result, outputs, value);
}

/** Tensors say by themselves how they are recorded. */
export interface RecordableObject {
  recordedOn(tape: Tape, name: () => string): Leaf;
  /** As the node of this number, which has been pushed. */
  onTape(tape: Tape, node: number): Leaf;
  readonly node: { readonly tape: Tape; readonly id: number } | null;
  readonly primal: Leaf;
}

const asObject = (leaf: Leaf) => leaf as unknown as RecordableObject;

const inputOf = (tape: Tape, leaf: Leaf, flat: Flat, i: number): Leaf =>
  typeof leaf !== "number" && isLeafObject(leaf)
    ? asObject(leaf).recordedOn(tape, () => flat.paths[i]!)
    : tape.input(leaf as Scalar);

export function nodeOn(tape: Tape, leaf: Leaf): number {
  if (leaf instanceof TapeNumber) return leaf.tape === tape ? leaf.id : -1;
  const node = isLeafObject(leaf) ? asObject(leaf).node : null;
  return node?.tape === tape ? node.id : -1;
}

const below = (leaf: Leaf): Leaf => (leaf as unknown as { readonly primal: Leaf }).primal;

/** The adjoints of a recording's arguments, for an adjoint of its result. */
export function pullBack({ tape, args, inputs, result, outputs }: Recording, cotangent: unknown): unknown[] {
  const seeds = new Map<number, Leaf>();
  flattenLike(cotangent, result, "cotangent").forEach((seed, i) => {
    const node = outputs[i]!;
    if (node < 0) return;
    // One node may be several results.
    seeds.set(node, addLeaves(seeds.get(node), seed));
  });
  const adjoints = sweep(tape, seeds);
  let at = 0;
  return args.map((flat) =>
    flat.rebuild(flat.leaves.map((leaf) => adjoints.of(inputs[at++]!) ?? zeroLike(leaf))),
  );
}

/**
 * @returns the value, and the pullback: from a cotangent of the form of the value to one of the form of each argument,
 *   ā = ȳᵀ ∂y/∂a
 * @throws TreeError when an argument or the result has leaves that are neither numbers nor tensors
 */
export function vjp<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: PlainArgs<A>
): [value: Plain<R>, pullback: (cotangent: Plain<R>) => PlainArgs<A>] {
  const recording = recordCall(f as Differentiable, args, true);
  return [
    recording.value as Plain<R>,
    (cotangent) => pullBack(recording, cotangent) as unknown as PlainArgs<A>,
  ];
}
