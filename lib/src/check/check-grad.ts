/** checkGrad: a derivative against what does not use it: differences, the two modes against each other. */
import { checkCount, checkOptionNames, checkPositive } from "../options.js";
import { normal } from "../random/normal.js";
import { mulberry32 } from "../random/mulberry32.js";
import { evaluate } from "../rules/generated/evaluate.js";
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { partials } from "../rules/generated/partials.js";
import { scalarRules, type ScalarRule } from "../rules/scalar-rules.js";
import { spanOf } from "../runtime/sources.js";
import { CALL } from "../tape/kinds.js";
import type { Tape } from "../tape/tape.js";
import { NoTangentError } from "../transforms/custom.js";
import { grad } from "../transforms/grad.js";
import { jvp } from "../transforms/jvp.js";
import type { Differentiable, Plain } from "../transforms/types.js";
import { pullBack, recordCall } from "../transforms/vjp.js";
import { flatten, TreeError } from "../tree/tree.js";
import { slope } from "./slope.js";

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
const relative = (a: number, b: number): number => {
  if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const error = Math.abs(a - b) / (1 + Math.abs(b));
  return Number.isNaN(error) ? Infinity : error;
};

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
  pullBack(recording, 1);
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

const scaleOf = (at: readonly number[]): number => Math.max(1e-3, ...at.map(Math.abs)) * 1e-2;

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

const describe = (tape: Tape, id: number, name: string): string => {
  const span = spanOf(tape.sites[id]!);
  return span === null
    ? `${name} (node %${id})`
    : `${name}, \`${span.text}\` at ${span.name}, line ${span.line}`;
};

/** Every operation by itself, in the order of evaluation. */
function culpritOn(tape: Tape, tolerance: number): string | null {
  const local = new Float64Array(2);
  for (let id = 0; id < tape.length; id++) {
    const op = tape.ops[id]!;
    if (op === CALL && !agrees(tape, id, tolerance)) return describe(tape, id, tape.calls.get(id)!.name);
    if (op >= SCALAR_OPS) continue;
    const operands = [tape.left[id]!, tape.right[id]!].map((node) =>
      node < 0 ? tape.passive[id]! : tape.values[node]!,
    );
    const [a, b] = operands as [number, number];
    partials(op, a, b, tape.values[id]!, local);
    for (const [i, node] of [tape.left[id]!, tape.right[id]!].entries()) {
      if (node < 0) continue;
      const along = (h: number) => (i === 0 ? evaluate(op, a + h, b) : evaluate(op, a, b + h));
      const difference = slope(along, scaleOf([i === 0 ? a : b]));
      if (relative(local[i]!, difference) > tolerance * 10) return describe(tape, id, opNames[op]!);
    }
  }
  return null;
}

/** A call's adjoint against differences of the function that it belongs to, in each of its inputs. */
function agrees(tape: Tape, id: number, tolerance: number): boolean {
  const call = tape.calls.get(id)!;
  const at = call.inputs.map((node) => (node < 0 ? 0 : tape.values[node]!));
  return Array.from({ length: call.results }, (_, j) => j).every((j) => {
    const adjoints = call.vjp(Array.from({ length: call.results }, (_, i) => (i === j ? 1 : 0)));
    return call.inputs.every((node, i) => {
      if (node < 0) return true;
      const along = (h: number) => Number(call.evaluate(at.map((y, n) => (n === i ? y + h : y)))[j]);
      return relative(Number(adjoints[i] ?? 0), slope(along, scaleOf([at[i]!]))) <= tolerance * 10;
    });
  });
}

/** Operations whose margin to a kink or a jump is smaller than a difference's step. */
function kinksOn(tape: Tape): string[] {
  const found: string[] = [];
  for (let id = 0; id < tape.length && found.length < 10; id++) {
    const op = tape.ops[id]!;
    if (op >= SCALAR_OPS) continue;
    const name = opNames[op]!;
    const { kink }: ScalarRule = scalarRules[name];
    if (kink === undefined) continue;
    const [a, b] = [tape.left[id]!, tape.right[id]!].map((node) =>
      node < 0 ? tape.passive[id]! : tape.values[node]!,
    );
    const margins: Readonly<Record<string, number>> = {
      a: a!,
      y: tape.values[id]!,
      "a - b": a! - b!,
      "a - Math.round(a)": a! - Math.round(a!),
      "a - Math.floor(a) - 0.5": a! - Math.floor(a!) - 0.5,
    };
    if (Math.abs(margins[kink]!) < 1e-6 * (1 + Math.abs(a!))) found.push(describe(tape, id, name));
  }
  return found;
}
