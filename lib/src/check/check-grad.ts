/** checkGrad: a derivative against what does not use it: differences, the two modes against each other. */
import { checkCount, checkOptionNames, checkPositive } from "../options.js";
import { normal } from "../random/normal.js";
import { mulberry32 } from "../random/mulberry32.js";
import { NoTangentError } from "../transforms/custom.js";
import { grad } from "../transforms/grad.js";
import { jvp } from "../transforms/jvp.js";
import type { Differentiable, Plain } from "../transforms/types.js";
import { recordCall } from "../transforms/vjp.js";
import { flatten, TreeError } from "../tree/tree.js";
import { culpritOn, kinksOn } from "./local-checks.js";
import { relative, scaleOf, slope } from "./slope.js";

export interface CheckOptions {
  /** The largest error that is none, relative to 1 + |derivative| (1e-7; differences give no more than 9 digits). */
  readonly tolerance?: number;
  /** How many random directions (4). */
  readonly directions?: number;
  readonly seed?: number;
  /** Check second derivatives as well (true). */
  readonly secondOrder?: boolean;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Relative to 1 + |derivative|, the largest over the directions. */
  readonly error: number;
}

export interface GradReport {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** The first operation, in the order of evaluation, whose own derivative disagrees with a difference of it. */
  readonly culprit: string | null;
  /** Places where the function is not smooth, so near that a difference may have crossed them. */
  readonly kinks: readonly string[];
  toString(): string;
}

const OPTIONS = ["tolerance", "directions", "seed", "secondOrder"];
/**
 * Check the gradient of f at x, a tree of numbers, in random directions v: reverse mode against forward mode,
 * ⟨∇f, v⟩ = f′(x; v); both against differences with a controlled step; and H v from forward over reverse against
 * differences of ∇f. Where f has an operation with an adjoint alone (customVjp), differences of f are what is left.
 *
 * @returns a report; it prints as a table
 * @throws TreeError when x has no numbers, or f returns anything but one
 */
export function checkGrad<X>(f: (x: X) => unknown, x: Plain<X>, options: CheckOptions = {}): GradReport {
  checkOptionNames(options, OPTIONS, "checkGrad");
  const tolerance = checkPositive(options.tolerance ?? 1e-7, "tolerance");
  const count = checkCount(options.directions ?? 4, "directions", 1, 1000);
  const flat = flatten(x, "x");
  if (flat.leaves.length === 0)
    throw new TreeError("checkGrad needs at least one number to differentiate with respect to.");
  const at = flat.leaves as number[];
  const uniform = mulberry32(options.seed ?? 1);
  const of = f as Differentiable;
  const gradient = (tree: unknown) => flatten(grad(of)(tree as never), "gradient").leaves as number[];
  const g = gradient(x);
  const worst = { modes: 0, differences: 0, second: 0 };
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, y, i) => sum + y * b[i]!, 0);

  let hasTangent = true;
  for (let round = 0; round < count; round++) {
    const v = at.map(() => normal(uniform));
    const w = at.map(() => normal(uniform));
    const point = (h: number) => flat.rebuild(at.map((y, i) => y + h * v[i]!));
    const tangent = tangentOf(of, x, flat.rebuild(v));
    hasTangent &&= tangent !== null;
    worst.modes = Math.max(worst.modes, relative(dot(g, v), tangent ?? dot(g, v)));
    const difference = slope((h) => Number(of(point(h))), scaleOf(at));
    worst.differences = Math.max(worst.differences, relative(dot(g, v), difference));
    if (options.secondOrder === false || !hasTangent) continue;
    const hv = flatten(jvp(grad(of), [x] as never, [flat.rebuild(v)] as never)[1], "hvp").leaves as number[];
    const change = slope((h) => dot(gradient(point(h)), w), scaleOf(at));
    worst.second = Math.max(worst.second, relative(dot(hv, w), change));
  }

  const check = (name: string, error: number, limit: number): Check => ({ name, error, ok: error <= limit });
  const checks = [
    ...(hasTangent ? [check("reverse against forward mode", worst.modes, Math.min(tolerance, 1e-9))] : []),
    check("first derivative against differences", worst.differences, tolerance),
    ...(options.secondOrder === false || !hasTangent
      ? []
      : [check("second derivative against differences", worst.second, tolerance * 10)]),
  ];
  const recording = recordCall(of, [x]);
  const ok = checks.every((each) => each.ok);
  return report(ok, checks, ok ? null : culpritOn(recording.tape, tolerance), kinksOn(recording.tape));
}

/** f′(x; v); null where something in f has an adjoint alone. */
function tangentOf(f: Differentiable, x: unknown, v: unknown): number | null {
  try {
    return jvp(f, [x] as never, [v] as never)[1] as number;
  } catch (error) {
    if (error instanceof NoTangentError) return null;
    throw error;
  }
}

function report(
  ok: boolean,
  checks: readonly Check[],
  culprit: string | null,
  kinks: readonly string[],
): GradReport {
  const lines = [
    ...checks.map(
      ({ name, ok: good, error }) => `${good ? "✓" : "✗"} ${name.padEnd(40)} error ${error.toExponential(1)}`,
    ),
    ...(culprit === null ? [] : [`The first operation that disagrees: ${culprit}.`]),
    ...kinks.map((kink) => `Not smooth nearby: ${kink}.`),
  ];
  return { ok, checks, culprit, kinks, toString: () => lines.join("\n") };
}
