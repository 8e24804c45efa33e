/** One tape, many paths: what the numbers of a simulation's path are drawn from. */
import { OptionError } from "../errors.js";
import { record } from "../tape/record.js";
import type { TapePaths, TapeTrace } from "../trace/index.js";
import type { PlainArgs } from "../transforms/types.js";
import { Inspection, inspect } from "./inspect.js";
import { FRACTIONS, PathKinks } from "./path-kinks.js";

/** Whether two tapes differ in numbers alone: the same operations on the same nodes, the same comparisons with the same outcomes. */
function isAlike(a: TapeTrace, b: TapeTrace): boolean {
  const same = (x: Int32Array, y: Int32Array) => x.length === y.length && x.every((each, i) => each === y[i]);
  return (
    a.operations.join() === b.operations.join() &&
    same(a.nodes.operation, b.nodes.operation) &&
    same(a.edges.offsets, b.edges.offsets) &&
    same(a.edges.from, b.edges.from) &&
    a.guards.length === b.guards.length &&
    a.guards.every(({ outcome }, i) => outcome === b.guards[i]!.outcome)
  );
}

/**
 * Inspect a function on many paths: the distribution of every node's value and adjoint, and each path to be played by itself.
 * The paths whose branches go as those of the first are kept; how many are not is told. The path that is shown first is the one
 * whose result is in the middle. For every kink and branch it counts the paths on each side, and those within δ of it; δ is a share of
 * the standard deviation of the margin over the paths.
 *
 * @param paths the arguments of each path
 * @throws OptionError where there is no path
 * @throws TreeError as `inspect`
 * @example
 * const paths = Array.from({ length: 50 }, (_, i) => [100, (i - 25) / 10] as [number, number]);
 * const seen = inspectPaths((spot: number, z: number) => ops.mul(spot, ops.exp(ops.mul(0.2, z))), paths);
 * if (seen.trace.paths!.count !== 50) throw new Error("fifty paths, all alike");
 */
export function inspectPaths<A extends unknown[], R>(
  f: (...args: A) => R,
  paths: readonly PlainArgs<A>[],
): Inspection<A, R> {
  if (paths.length === 0)
    throw new OptionError("paths should be a list of the arguments of each path; it is empty.");
  let near: PathKinks | undefined;
  const all = paths.map((args) => {
    const recorded = record<A, R>(f, ...args);
    near ??= new PathKinks(recorded.tape);
    near.add(recorded.tape);
    return { args, trace: recorded.toTrace() };
  });
  const { kept: kinks, omissions: farKinks } = near!.kinks;
  const alike = all.filter(({ trace }) => isAlike(trace, all[0]!.trace));
  const resultOf = ({ nodes, outputs, seed }: TapeTrace) => nodes.value[outputs[seed]?.node ?? -1] ?? NaN;
  const sorted = [...alike].sort((a, b) => resultOf(a.trace) - resultOf(b.trace));
  const middle = sorted[sorted.length >> 1]!;
  const whole = inspect<A, R>(f, ...middle.args);
  const joined = (of: (trace: TapeTrace) => Float64Array): Float32Array => {
    const width = of(whole.trace).length;
    const out = new Float32Array(alike.length * width);
    alike.forEach(({ trace }, p) => out.set(of(trace), p * width));
    return out;
  };
  const stored: TapePaths = {
    count: alike.length,
    shown: alike.indexOf(middle),
    value: joined(({ nodes }) => nodes.value),
    adjoint: joined(({ nodes }) => nodes.adjoint),
    partial: joined(({ edges }) => edges.partial),
    fractions: FRACTIONS,
    kinks,
  };
  const left =
    alike.length < all.length
      ? [
          {
            what: "paths",
            kept: alike.length,
            of: all.length,
            reason: "the branches of the others go otherwise than those of the first",
          },
        ]
      : [];
  return new Inspection(whole.recorded, {
    ...whole.trace,
    paths: stored,
    omissions: [...whole.trace.omissions, ...left, ...farKinks],
  });
}
