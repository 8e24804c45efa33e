/** The tape: what a function did, in a structure of arrays of plain numbers. */
import { endedError, type Leaf, primalOf, Recorded, type Scalar } from "../ad/recorded.js";
import type { Storage } from "../engine/engine.js";
import type { Comparison } from "./guards.js";
import type { TapeColumns } from "./columns.js";
import { CALL, INPUT, NESTED, PART, STATEMENT } from "./kinds.js";

/** A number that a tape records. */
export class TapeNumber extends Recorded {
  // Declared, because fields that are defined first and assigned then cost as much as all the rest.
  declare readonly tape: Tape;
  declare readonly id: number;

  constructor(tape: Tape, id: number) {
    super();
    this.tape = tape;
    this.id = id;
  }

  get trace(): Tape {
    return this.tape;
  }

  /** The value one level below: a plain number, or what an enclosing transform records. */
  get primal(): Scalar {
    const value = this.tape.nested?.get(this.id)?.value ?? this.tape.values[this.id];
    if (value === undefined) throw endedError();
    return value;
  }

  get site(): number {
    return this.tape.sites[this.id]!;
  }
}

/** A scalar operation whose operands an enclosing transform records. */
export interface NestedNode {
  readonly op: number;
  readonly a: Scalar;
  readonly b: Scalar | undefined;
  readonly value: Scalar;
}

/** An operation with its own adjoint: a tensor operation, a solver, a block that was checkpointed or preaccumulated. */
export interface Call {
  readonly name: string;
  /** Nodes, or −1 for what does not depend on the inputs. */
  readonly inputs: readonly number[];
  readonly results: number;
  /** The results from the inputs, without a derivative. */
  evaluate(inputs: readonly Leaf[]): readonly Leaf[];
  /**
   * From the adjoints of the results to those of the inputs.
   * @param adjoints undefined for a result that was not reached; at least one was
   */
  vjp(adjoints: readonly (Leaf | undefined)[]): readonly (Leaf | undefined)[];
  /** From the tangents of the inputs (undefined: 0) to those of the results. */
  jvp(tangents: readonly (Leaf | undefined)[]): readonly (Leaf | undefined)[];
  /** Of an operation on tensors: what it was applied to. */
  readonly applied?: { readonly op: string; readonly x: readonly unknown[]; readonly p: unknown };
}

/** A comparison that decided which way the function went. */
export interface Guard {
  readonly kind: Comparison;
  /** Nodes, or −1: then `a` or `b` is the value. */
  readonly left: number;
  readonly right: number;
  readonly a: number;
  readonly b: number;
  readonly outcome: boolean;
  /** How many nodes there were when it was made. */
  readonly position: number;
  readonly site: number;
}

type Columns = { -readonly [K in keyof TapeColumns]: TapeColumns[K] };

/** Columns of tapes that nobody needs any more: to make six arrays costs more than a short tape. */
const spare: Columns[] = [];
const MOST_SPARE = 4;
const FIRST_CAPACITY = 256;
/** Longer ones are given back to the system. */
const LONGEST_SPARE = 1 << 20;

const newColumns = (length: number): Columns => ({
  ops: new Uint8Array(length),
  left: new Int32Array(length),
  right: new Int32Array(length),
  passive: new Float64Array(length),
  values: new Float64Array(length),
  sites: new Int32Array(length),
  args: new Int32Array(length),
  weights: new Float64Array(length),
});

const NONE = newColumns(0);
/** Of a tape that has none yet; never written to. */
const NO_NODES: number[] = [];

export class Tape implements TapeColumns {
  readonly level: number;
  /** Nodes so far; also the position at which the next one is recorded. */
  length = 0;
  declare ops: Uint8Array;
  declare left: Int32Array;
  declare right: Int32Array;
  declare passive: Float64Array;
  declare values: Float64Array;
  declare sites: Int32Array;
  declare args: Int32Array;
  declare weights: Float64Array;
  /** How many inputs of fused statements there are. */
  argCount = 0;
  /** Whether expressions may be recorded as one node: where nobody looks at the nodes. */
  readonly isFused: boolean;
  /** What few tapes have is made when it is needed: a short tape costs less than its maps. */
  nested: Map<number, NestedNode> | null = null;
  ownCalls: Map<number, Call> | null = null;
  ownObjects: Map<number, Leaf> | null = null;
  inputNodes: number[] = NO_NODES;
  /** The arguments, whose leaves the inputs are. */
  inputTrees: readonly { readonly paths: readonly string[] }[] | null = null;
  ownGuards: Guard[] | null = null;
  ownStorages: Storage[] | null = null;
  /** Nodes that stopGradient took as constants, where somebody may look at the nodes. */
  ownStops: Set<number> | null = null;
  /** The call whose adjoint a reverse sweep computes now, or computed last; −1 before the first. */
  sweptCall = -1;
  #columns: Columns;

  constructor(level: number, isFused = false) {
    this.level = level;
    this.isFused = isFused;
    const columns = spare.pop() ?? newColumns(FIRST_CAPACITY);
    this.#columns = columns;
    this.#take(columns);
  }

  get guards(): Guard[] {
    return (this.ownGuards ??= []);
  }

  pushGuard(guard: Guard): void {
    this.guards.push(guard);
  }

  /** stopGradient took a node as a constant: nothing is recorded of that, and somebody may ask why its adjoint is 0. */
  noteStop(node: number): void {
    if (!this.isFused) (this.ownStops ??= new Set()).add(node);
  }

  /** Whether somebody is told of what happens on it; see events.ts. */
  get isObserved(): boolean {
    return false;
  }

  /** A reverse sweep over the nodes before `from` down to `to` has been. */
  swept(_adjointOf: (node: number) => Leaf | undefined, _from: number, _to: number): void {
    // Those that are observed tell of it.
  }

  /** Memory of results of operations on tensors, to be given back when the tape is done. */
  get storages(): Storage[] {
    return (this.ownStorages ??= []);
  }

  get nestedNodes(): Map<number, NestedNode> {
    return (this.nested ??= new Map());
  }

  get calls(): Map<number, Call> {
    return (this.ownCalls ??= new Map());
  }

  /** Inputs and results that are no numbers. */
  get objects(): Map<number, Leaf> {
    return (this.ownObjects ??= new Map());
  }

  /** The inputs' nodes, in order, with their names. */
  get inputs(): ReadonlyMap<number, string> {
    // Paths in the arguments, as in "p.vol" or "[0]".
    const names = this.inputTrees?.flatMap(({ paths }) => paths) ?? [];
    return new Map(this.inputNodes.map((node, i) => [node, names[i] ?? "?"]));
  }

  /** Give the columns to the next tape. This one is empty from now on; nobody may hold values of it. */
  release(): void {
    const columns = this.#columns;
    const { length } = columns.ops;
    if (spare.length < MOST_SPARE && length > 0 && length <= LONGEST_SPARE) spare.push(columns);
    this.length = 0;
    this.argCount = 0;
    this.#columns = NONE;
    this.#take(NONE);
  }

  #take({ ops, left, right, passive, values, sites, args, weights }: Columns): void {
    this.args = args;
    this.weights = weights;
    this.ops = ops;
    this.left = left;
    this.right = right;
    this.passive = passive;
    this.values = values;
    this.sites = sites;
  }

  push(op: number, left: number, right: number, passive: number, value: number, site: number): TapeNumber {
    const id = this.length;
    if (id === this.ops.length) this.#grow();
    this.length = id + 1;
    this.ops[id] = op;
    this.left[id] = left;
    this.right[id] = right;
    this.passive[id] = passive;
    this.values[id] = value;
    this.sites[id] = site;
    return new TapeNumber(this, id);
  }

  /** Room for the inputs of a statement. @returns where the first is to be written */
  begin(most: number): number {
    const from = this.argCount;
    if (from + most > this.args.length) this.#growArgs(from + most);
    return from;
  }

  /** A statement whose inputs have been written, up to `to`. */
  end(value: number, to: number, site: number): TapeNumber {
    const from = this.argCount;
    this.argCount = to;
    return this.push(STATEMENT, from, to, 0, value, site);
  }

  /**
   * For a body that writes statements by itself, and sets `length` and `argCount` when it is done: room for one node more, and for
   * so many inputs of statements.
   */
  room(nodes: number, args: number): void {
    if (nodes >= this.ops.length) this.#grow();
    if (args > this.args.length) this.#growArgs(args);
  }

  /** A statement that such a body has written, as a number for others. @param site −1: as it is */
  boxed(id: number, value: number, site: number): TapeNumber {
    this.values[id] = value;
    if (site >= 0) this.sites[id] = site;
    return new TapeNumber(this, id);
  }

  #growArgs(needed: number): void {
    const [args, weights] = [this.args, this.weights];
    const length = Math.max(FIRST_CAPACITY, 2 * needed);
    this.args = this.#columns.args = new Int32Array(length);
    this.weights = this.#columns.weights = new Float64Array(length);
    this.args.set(args);
    this.weights.set(weights);
  }

  #isInput(node: number): void {
    if (this.inputNodes === NO_NODES) this.inputNodes = [node];
    else this.inputNodes.push(node);
  }

  input(value: Scalar): TapeNumber {
    const node = this.push(INPUT, -1, -1, 0, typeof value === "number" ? value : primalOf(value), -1);
    if (typeof value !== "number")
      this.nestedNodes.set(node.id, { op: INPUT, a: value, b: undefined, value });
    this.#isInput(node.id);
    return node;
  }

  /** Plain numbers as inputs. @returns what stands for them */
  numbers(given: readonly number[]): TapeNumber[] {
    const count = given.length;
    const made = new Array<TapeNumber>(count);
    const nodes = new Array<number>(count);
    const from = this.length;
    while (from + count > this.ops.length) this.#grow();
    const { ops, left, right, passive, values, sites } = this;
    const isDetailed = !this.isFused;
    for (let i = 0; i < count; i++) {
      const id = from + i;
      ops[id] = INPUT;
      sites[id] = -1;
      // Nobody looks at the operands of inputs where expressions are one node.
      if (isDetailed) {
        left[id] = right[id] = -1;
        passive[id] = 0;
      }
      values[id] = given[i]!;
      nodes[i] = id;
      made[i] = new TapeNumber(this, id);
    }
    this.length = from + count;
    this.inputNodes = this.inputNodes.length === 0 ? nodes : [...this.inputNodes, ...nodes];
    return made;
  }

  /** A scalar operation of which an operand is recorded by an enclosing transform, too. */
  pushNested(left: number, right: number, nested: NestedNode, site: number): TapeNumber {
    const node = this.push(NESTED, left, right, 0, primalOf(nested.value), site);
    this.nestedNodes.set(node.id, nested);
    return node;
  }

  /** @returns the node of the call; its results are pushed after it */
  pushCall(call: Call, site: number): number {
    const { id } = this.push(CALL, -1, -1, 0, NaN, site);
    this.calls.set(id, call);
    return id;
  }

  pushPart(call: number, which: number, value: Scalar): TapeNumber {
    const node = this.push(PART, call, which, 0, primalOf(value), this.sites[call]!);
    if (typeof value !== "number") this.nestedNodes.set(node.id, { op: PART, a: value, b: undefined, value });
    return node;
  }

  /** An input that is no number. @returns its node */
  inputObject(value: Leaf): number {
    const { id } = this.push(INPUT, -1, -1, 0, NaN, -1);
    this.objects.set(id, value);
    this.#isInput(id);
    return id;
  }

  /** A result of a call that is no number. @returns its node */
  pushObject(call: number, which: number, value: Leaf): number {
    const { id } = this.push(PART, call, which, 0, NaN, this.sites[call]!);
    this.objects.set(id, value);
    return id;
  }

  /** Whether some value is recorded by an enclosing transform as well: sweeps then record there. */
  get isNested(): boolean {
    return this.nested !== null && this.nested.size > 0;
  }

  /** Forget what was recorded after a position. Inputs stay. */
  reset(position: number): void {
    if (this.inputNodes.some((node) => node >= position))
      throw new RangeError(`A tape cannot be reset to ${position}: its inputs are recorded after that.`);
    if (this.isFused) throw new RangeError("A tape of fused statements is not reset.");
    this.length = Math.min(this.length, position);
    for (const store of [this.nestedNodes, this.calls, this.objects])
      for (const id of store.keys()) if (id >= position) store.delete(id);
    for (const id of this.ownStops ?? []) if (id >= position) this.ownStops!.delete(id);
    while (this.guards.length > 0 && this.guards.at(-1)!.position > position) this.guards.pop();
  }

  #grow(): void {
    const larger = newColumns(Math.max(FIRST_CAPACITY, this.ops.length * 2));
    larger.ops.set(this.ops);
    larger.left.set(this.left);
    larger.right.set(this.right);
    larger.passive.set(this.passive);
    larger.values.set(this.values);
    larger.sites.set(this.sites);
    this.#columns = { ...larger, args: this.args, weights: this.weights };
    this.#take(this.#columns);
  }
}
