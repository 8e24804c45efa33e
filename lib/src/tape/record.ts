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
import { tapeToTrace } from "./to-trace.js";
import { bytesByLine, type LineBytes, printLines } from "./bytes.js";
import { checkCount, checkOptionNames } from "../options.js";
import { type FactorHook, tellingFactors } from "../tensor/factors.js";
import type { TapeTrace } from "../trace/index.js";
import { vectorSweep } from "./vector-sweep.js";

/** Other inputs take another branch than the one on the tape: record the function again. */
export class GuardError extends Error {
  override readonly name = "GuardError";
}

export interface ToTraceOptions {
  /** Which number (or tensor) of the result has the adjoint 1, in order; 0 when not given. */
  readonly output?: number;
  readonly title?: string;
  /** Told of the two factors of every weight's gradient, W̄ = AᵀΔ, as the sweep meets them. */
  readonly factors?: FactorHook;
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

  /**
   * The tape as a trace: values, local partials, and the adjoints of one number of the result.
   * @param options `output`: which number of the result, in order (0); `title`: what the trace is called; `factors`: told of every
   *   product with a weight
   * @throws OptionError for an output that there is not
   */
  toTrace(options: ToTraceOptions = {}): TapeTrace {
    checkOptionNames(options, ["output", "title", "factors"], "toTrace");
    const { tape, result, outputs, args } = this.#recording;
    const output = checkCount(options.output ?? 0, "output", 0, Math.max(0, outputs.length - 1));
    const node = outputs[output] ?? -1;
    const object = tape.ownObjects?.get(node);
    const seeds = new Map<number, Leaf>(
      node < 0 ? [] : [[node, object ? (object as unknown as { ones(): Leaf }).ones() : 1]],
    );
    const adjoints = tellingFactors(tape, options.factors, () => sweep(tape, seeds));
    const paths = args.flatMap((flat) => flat.paths);
    const reached = outputs.flatMap((node, i) => (node < 0 ? [] : [{ node, path: result.paths[i]! }]));
    const ports = {
      inputs: tape.inputNodes.map((node, i) => ({ node, path: paths[i] ?? "?" })),
      outputs: reached,
      seed: node < 0 ? -1 : outputs.slice(0, output).filter((other) => other >= 0).length,
    };
    return tapeToTrace(tape, ports, (id) => adjoints.of(id), options.title ?? "tape");
  }

  /** What the tape costs in memory, by line of the source, the most expensive first. */
  bytesByLine(): LineBytes[] & { toString(): string } {
    const lines = bytesByLine(this.tape);
    return Object.defineProperty(lines, "toString", { value: () => printLines(lines) });
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
