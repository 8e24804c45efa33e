/** Events of tapes: nodes and guards as they are recorded, adjoints as they are found. Tapes that nobody observes know nothing of them. */
import type { Leaf, Scalar } from "../ad/recorded.js";
import { SCALAR_OPS } from "../rules/generated/opcodes.js";
import { checkOptionNames } from "../options.js";
import { nodeAt, type TapeNode } from "./node.js";
import { type Call, type Guard, type NestedNode, Tape, type TapeNumber } from "./tape.js";

export interface TapeEvents {
  /** A node was recorded, of whichever tape: `tape` counts them from 0 as they begin. */
  readonly node?: (node: TapeNode, tape: number) => void;
  /** A comparison decided which way the function went. */
  readonly guard?: (guard: Guard, tape: number) => void;
  /** A reverse sweep has the adjoint of a node that it reached: from the last one to the first. Numbers alone. */
  readonly adjoint?: (node: TapeNode, adjoint: number, tape: number) => void;
}

const observing: { events: TapeEvents | null; begun: number } = { events: null, begun: 0 };

/**
 * Run `body` and be told of everything that its derivatives record and sweep, operation by operation.
 *
 * @returns what `body` returns
 * @throws UnknownOptionError for an event that there is not
 * @example
 * const seen: string[] = [];
 * observeTapes({ node: ({ op }) => seen.push(op) }, () => grad((x: number) => ops.mul(ops.sin(x), x))(2));
 * if (seen.join() !== "input,sin,mul") throw new Error(seen.join());
 */
export function observeTapes<T>(events: TapeEvents, body: () => T): T {
  checkOptionNames(events, ["node", "guard", "adjoint"], "observeTapes");
  const outer = { ...observing };
  observing.events = events;
  observing.begun = 0;
  try {
    return body();
  } finally {
    Object.assign(observing, outer);
  }
}

/** A tape for a transform that begins. */
export const newTape = (level: number, isFused: boolean): Tape =>
  observing.events === null
    ? new Tape(level, isFused)
    : new ObservedTape(level, observing.events, observing.begun++);

class ObservedTape extends Tape {
  readonly #events: TapeEvents;
  readonly #number: number;

  /** Never of fused statements: every operation is an event. */
  constructor(level: number, events: TapeEvents, number: number) {
    super(level, false);
    this.#events = events;
    this.#number = number;
  }

  override get isObserved(): boolean {
    return true;
  }

  #tell(id: number): void {
    this.#events.node?.(nodeAt(this, id), this.#number);
  }

  override push(
    op: number,
    left: number,
    right: number,
    passive: number,
    value: number,
    site: number,
  ): TapeNumber {
    const node = super.push(op, left, right, passive, value, site);
    // Of others, more has to be known first.
    if (op < SCALAR_OPS) this.#tell(node.id);
    return node;
  }

  override input(value: Scalar): TapeNumber {
    const node = super.input(value);
    this.#tell(node.id);
    return node;
  }

  override numbers(given: readonly number[]): TapeNumber[] {
    return given.map((value) => this.input(value));
  }

  override inputObject(value: Leaf): number {
    const id = super.inputObject(value);
    this.#tell(id);
    return id;
  }

  override pushNested(left: number, right: number, nested: NestedNode, site: number): TapeNumber {
    const node = super.pushNested(left, right, nested, site);
    this.#tell(node.id);
    return node;
  }

  override pushCall(call: Call, site: number): number {
    const id = super.pushCall(call, site);
    this.#tell(id);
    return id;
  }

  override pushPart(call: number, which: number, value: Scalar): TapeNumber {
    const node = super.pushPart(call, which, value);
    this.#tell(node.id);
    return node;
  }

  override pushObject(call: number, which: number, value: Leaf): number {
    const id = super.pushObject(call, which, value);
    this.#tell(id);
    return id;
  }

  override pushGuard(guard: Guard): void {
    super.pushGuard(guard);
    this.#events.guard?.(guard, this.#number);
  }

  override swept(adjointOf: (node: number) => Leaf | undefined, from: number, to: number): void {
    if (!this.#events.adjoint) return;
    for (let id = from - 1; id >= to; id--) {
      const adjoint = adjointOf(id);
      if (typeof adjoint === "number") this.#events.adjoint(nodeAt(this, id), adjoint, this.#number);
    }
  }
}
