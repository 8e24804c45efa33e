/** `record`: a function's tape, to look at and to use again. */
import type { Leaf } from "../ad/recorded.js";
import { pullBack, type Recording, recordCall } from "../transforms/vjp.js";
import type { Differentiable, Plain, PlainArgs } from "../transforms/types.js";
import { flattenLike } from "../tree/tree.js";
import { type TapeNode, nodeAt } from "./node.js";
import { printTape, tapeToDot } from "./print.js";
import { replay } from "./replay.js";
import { type TapeStatistics, tapeStatistics } from "./statistics.js";
import { sweep, type SweepOptions } from "./sweep.js";
import { spanOf } from "../runtime/sources.js";
import { tangentSweep } from "./tangent.js";
import { vectorSweep } from "./vector-sweep.js";

/** Other inputs take another branch than the one on the tape: record the function again. */
export class GuardError extends Error {
  override readonly name = "GuardError";
}

export class RecordedFunction<A extends unknown[], R> {
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get tape(): Recording["tape"] {
    return this.#recording.tape;
  }

  get value(): Plain<R> {
    const { result, outputs, tape } = this.#recording;
    return result.rebuild(
      result.leaves.map((leaf, i) =>
        outputs[i]! < 0 ? leaf : (tape.objects.get(outputs[i]!) ?? tape.values[outputs[i]!]),
      ),
    ) as Plain<R>;
  }

  node(id: number): TapeNode {
    return nodeAt(this.tape, id);
  }

  /** The adjoints of the arguments for one of the result. */
  pullback(cotangent: Plain<R>): PlainArgs<A> {
    return pullBack(this.#recording, cotangent) as unknown as PlainArgs<A>;
  }

  /** The adjoint of every node; 0 where the result was not reached from. */
  adjoints(cotangent: Plain<R>): Float64Array {
    const { result, outputs } = this.#recording;
    const seeds = new Map<number, Leaf>();
    flattenLike(cotangent, result, "cotangent").forEach(
      (seed, i) => outputs[i]! >= 0 && seeds.set(outputs[i]!, seed),
    );
    return this.sweep(seeds);
  }

  /**
   * The adjoint of every node from those of some nodes, over the whole tape or a part of it.
   * @param seeds by node
   * @param part nodes before `from` down to `to`: to stop at a position, and go on from there with what was found
   */
  sweep(seeds: ReadonlyMap<number, Leaf>, part: SweepOptions = {}): Float64Array {
    const adjoints = sweep(this.tape, seeds, part);
    return Float64Array.from({ length: this.tape.length }, (_, id) => Number(adjoints.of(id) ?? 0));
  }

  /** The rows of the Jacobian from k numbers of the result at once: [node × k]. */
  vectorAdjoints(): Float64Array {
    const { tape, outputs } = this.#recording;
    const k = outputs.length;
    const seeds = new Map<number, number[]>();
    outputs.forEach((node, j) => {
      if (node < 0) return;
      const seed = seeds.get(node) ?? new Array<number>(k).fill(0);
      seed[j] = 1;
      seeds.set(node, seed);
    });
    return vectorSweep(tape, seeds, k);
  }

  /** The tangent of every node along a direction of the arguments. */
  tangents(...directions: PlainArgs<A>): Float64Array {
    const { tape, inputs } = this.#recording;
    const given = this.#leavesOf(directions, "tangents");
    return tangentSweep(tape, new Map(inputs.map((node, i) => [node, given[i]!])));
  }

  /**
   * Compute the tape anew for other arguments, without running the function.
   * @throws GuardError naming the comparison that comes out otherwise
   */
  replay(...args: PlainArgs<A>): Plain<R> {
    const guard = replay(this.tape, this.#leavesOf(args, "arguments"));
    if (guard === null) return this.value;
    const span = spanOf(guard.site);
    const where = span ? ` \`${span.text}\` (${span.name}, line ${span.line})` : ` (${guard.kind})`;
    throw new GuardError(
      `The comparison${where} comes out otherwise than when the tape was recorded. Record it again.`,
    );
  }

  statistics(): TapeStatistics {
    return tapeStatistics(this.tape);
  }

  /** One line a node. */
  toString(): string {
    return printTape(this.tape);
  }

  /** For Graphviz. */
  toDot(): string {
    return tapeToDot(this.tape);
  }

  #leavesOf(trees: readonly unknown[], name: string): number[] {
    return trees.flatMap((tree, i) => flattenLike(tree, this.#recording.args[i]!, name) as number[]);
  }
}

/** Run a function and keep its tape. */
export function record<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: PlainArgs<A>
): RecordedFunction<A, R> {
  return new RecordedFunction<A, R>(recordCall(f as Differentiable, args));
}
