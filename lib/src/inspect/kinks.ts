/** Where AD's second derivative is wrong without a sign of it: a kink has a second derivative that no pointwise rule can see. */
import type { Leaf } from "../ad/recorded.js";
import { record } from "../tape/record.js";
import { shortNumber, TapeFlag, type TapeFinding, type TapeTrace } from "../trace/index.js";
import { grad } from "../transforms/grad.js";
import { type Flat, flatten } from "../tree/tree.js";

/** Relative bumps of an input, tried in turn: what a desk bumps by, and a wider one where few paths end near the kink. */
const BUMPS = [0.01, 0.05] as const;
/** Inputs that are looked at, those that matter most; each costs six gradients. */
const MOST_INPUTS = 8;
/** Of the first derivative, for a relative change of the input: what is smaller is no second derivative to speak of. */
const LEAST = 1e-3;

type Numbers = (...args: unknown[]) => unknown;

/** The arguments with one number, in the order of the leaves, replaced. */
function replaced(
  flats: readonly Flat[],
  at: number,
  value: unknown,
  form: "rebuild" | "rebuildRecorded",
): unknown[] {
  let seen = 0;
  return flats.map((flat) => flat[form](flat.leaves.map((leaf) => (seen++ === at ? value : leaf) as Leaf)));
}

/** The kink that is nearest to being crossed, among those that the output depends on; −1 where only branches are. */
function nearestKink({ nodes, edges }: TapeTrace): number {
  let [nearest, least] = [-1, Infinity];
  for (let n = 0; n < nodes.id.length; n++) {
    if (!(nodes.flags[n]! & (TapeFlag.kink | TapeFlag.step)) || nodes.adjoint[n] === 0) continue;
    const operands = Array.from(edges.from.subarray(edges.offsets[n], edges.offsets[n + 1]));
    const size = Math.min(...operands.map((from) => (from < 0 ? Infinity : Math.abs(nodes.value[from]!))));
    if (size < least || nearest < 0) [nearest, least] = [n, size];
  }
  return nearest;
}

/**
 * Compare AD's second derivative by each input with a central difference of AD's first derivative, over ± 1 % of the input, or ± 5 %,
 * and tell of those that differ by more than half. Without kinks or branches on the tape nothing is compared.
 * A single path far from its kink has neither; the mean over many paths has.
 *
 * Source: Geeraert et al. 2017, the case of the call's Γ.
 */
export function kinkFindings(f: Numbers, args: readonly unknown[], trace: TapeTrace): TapeFinding[] {
  const { nodes, inputs, guards, outputs, seed } = trace;
  const output = outputs[seed];
  const hasKinks = guards.length > 0 || nodes.flags.some((flags) => flags & (TapeFlag.kink | TapeFlag.step));
  // Of several numbers each has its own.
  if (!output || outputs.length > 1 || !hasKinks || !Number.isFinite(nodes.value[output.node]!)) return [];
  const flats = args.map((arg) => flatten(arg, "argument"));
  const importance = (at: number) => Math.abs(nodes.value[at]! * nodes.adjoint[at]!);
  const chosen = inputs
    .map(({ node, path }, i) => ({ node, path, i }))
    .filter(({ node }) => importance(node) > 0 && Number.isFinite(importance(node)))
    .sort((a, b) => importance(b.node) - importance(a.node))
    .slice(0, MOST_INPUTS);
  const kink = nearestKink(trace);
  return chosen.flatMap(({ node, path, i }): TapeFinding[] => {
    const x = nodes.value[node]!;
    const slopeAt = (value: number): number => {
      const bumped = record(f, ...replaced(flats, i, value, "rebuild")).toTrace();
      return bumped.nodes.adjoint[bumped.inputs[i]!.node]!;
    };
    // A function that draws other numbers every time has no difference to compare.
    if (slopeAt(x) !== nodes.adjoint[node]) return [];
    const along = (value: number) => f(...replaced(flats, i, value, "rebuildRecorded")) as number;
    const second = grad(grad(along as (x: number) => number) as (x: number) => number)(x);
    const differenceOver = (bump: number): number => {
      const h = bump * Math.abs(x);
      return (slopeAt(x + h) - slopeAt(x - h)) / (2 * h);
    };
    const isMissed = (difference: number): boolean => {
      const size = Math.abs(difference);
      return (
        size * Math.abs(x) > LEAST * Math.abs(nodes.adjoint[node]!) &&
        Math.abs(second - difference) > size / 2
      );
    };
    const found = BUMPS.map((bump) => ({ bump, difference: differenceOver(bump) })).find(({ difference }) => isMissed(difference)); // prettier-ignore
    if (!found) return [];
    return [
      {
        node: kink,
        what:
          `∂²/∂(${path})² is ${shortNumber(second)} by AD, but ${shortNumber(found.difference)} by a difference of AD's ` +
          `own first derivative over ±${100 * found.bump} %: the kink has a second derivative that no pointwise rule sees.`,
        remedy: "Smooth the kink (a ramp), or take the second derivative by likelihood ratio or Vibrato: greeks(…, { method }).", // prettier-ignore
      },
    ];
  });
}
