/** checkGrad: a derivative against what does not use it: differences, a complex step, the two modes against each other. */
import type { Leaf } from "../ad/recorded.js";
import { checkCount, checkOptionNames, checkPositive } from "../options.js";
import { normal } from "../random/normal.js";
import { mulberry32 } from "../random/mulberry32.js";
import { NoTangentError } from "../transforms/custom.js";
import { grad } from "../transforms/grad.js";
import { jvp } from "../transforms/jvp.js";
import { isSingle, leavesLike, vectorOf } from "../transforms/leaf-vector.js";
import type { Differentiable, Plain } from "../transforms/types.js";
import { recordCall, vjp } from "../transforms/vjp.js";
import { type Flat, flatten, TreeError } from "../tree/tree.js";
import { complexStep, notAnalytic } from "./complex-step.js";
import { pairing } from "./pairing.js";
import { culpritOn, kinksOn } from "./local-checks.js";
import { type Check, type GradReport, reportOf } from "./report.js";
import { NonFiniteStepError, relative, scaleOf, slope } from "./slope.js";

export type { Check, GradReport } from "./report.js";

export interface CheckOptions {
  /**
   * The largest error that is none, relative to 1 + |derivative|: 1e-7, for differences give no more than 9 digits; 2e-3 where
   * x has float32 tensors.
   */
  readonly tolerance?: number;
  /** How many random directions (4). */
  readonly directions?: number;
  readonly seed?: number;
  /** Check second derivatives as well (true). */
  readonly secondOrder?: boolean;
}

const OPTIONS = ["tolerance", "directions", "seed", "secondOrder"];
type Vector = Float64Array;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** Every check's error, the largest over the directions; null for one that was not made. */
interface Worst {
  modes: number | null;
  differences: number | null;
  complex: number | null;
  second: number | null;
}

/**
 * Check the derivative of f at x, trees of numbers and tensors, in random directions v of x and w of f(x): reverse mode against
 * forward mode, ⟨Jᵀw, v⟩ = ⟨w, J v⟩; both against differences with a controlled step, and, where all that f does is analytic,
 * against a complex step; and the second derivative H v of ⟨w, f⟩ from forward over reverse against differences of its gradient.
 * Where f has an operation with an adjoint alone (customVjp), differences of f are what is left.
 *
 * @returns a report; it prints as a table
 * @throws TreeError when x has no numbers, or f returns what has none
 * @example
 * const report = checkGrad((p) => ops.sin(p.x).mul(p.w).sum(), { x: tensor([1, 2], { dtype: "float64" }), w: 3 });
 * if (!report.ok) throw new Error(String(report));
 */
export function checkGrad<X>(f: (x: X) => unknown, x: Plain<X>, options: CheckOptions = {}): GradReport {
  checkOptionNames(options, OPTIONS, "checkGrad");
  const flat = flatten(x, "x");
  if (flat.leaves.length === 0)
    throw new TreeError("checkGrad needs at least one number to differentiate with respect to.");
  const tolerance = checkPositive(options.tolerance ?? (isSingle(flat.leaves) ? 2e-3 : 1e-7), "tolerance");
  const count = checkCount(options.directions ?? 4, "directions", 1, 1000);
  const of = f as Differentiable;
  const recording = recordCall(of, [x]);
  const result = flatten(recording.value, "f(x)");
  if (result.leaves.length === 0)
    throw new TreeError("checkGrad needs a function that returns numbers or tensors.");
  const at = new Point(of, flat, result);
  const stopped = flat.leaves.every((leaf) => typeof leaf === "number")
    ? notAnalytic(recording.tape)
    : "tensors";
  const uniform = mulberry32(options.seed ?? 1);
  const draw = (n: number): Vector => Float64Array.from({ length: n }, () => normal(uniform));
  // A small number beside a large one is moved by little, or every step would lead far away from it.
  const scale = scaleOf(at.x);
  const extents = at.x.map((x) => (x === 0 ? 1 : Math.min(1, Math.max(1e-4, Math.abs(x) / (100 * scale)))));
  // One number has one direction.
  const isOne = at.value.length === 1 && result.isLeaf;

  const worst: Worst = { modes: null, differences: null, complex: null, second: null };
  const note = (what: keyof Worst, error: number) => (worst[what] = Math.max(worst[what] ?? 0, error));
  let nonFinite: string | null = at.value.every(Number.isFinite)
    ? null
    : `f(x) itself is ${[...at.value].find((y) => !Number.isFinite(y))}`;
  let shortened: string | null = null;
  for (let round = 0; round < count; round++) {
    const v = draw(at.x.length).map((x, i) => x * extents[i]!);
    const w = isOne ? Float64Array.of(1) : draw(at.value.length);
    const met = (error: NonFiniteStepError) =>
      void (shortened ??= `${error.message}: ${at.describe(error.step, v)}`);
    const along = dot(at.adjoint(w), v);
    const tangent = at.tangent(v);
    if (tangent !== null) note("modes", relative(along, dot(w, tangent)));
    if (stopped === null) {
      const slopes = complexStep(recording.tape, [...v]);
      note("complex", relative(along, dot(w, recording.outputs.map((node) => (node < 0 ? 0 : slopes(node)))))); // prettier-ignore
    }
    try {
      note(
        "differences",
        relative(
          along,
          slope((h) => dot(w, at.at(h, v)), scale, met),
        ),
      );
      if (options.secondOrder === false || tangent === null) continue;
      const u = draw(at.x.length);
      note(
        "second",
        relative(
          dot(at.hessianProduct(w, v), u),
          slope((h) => dot(at.gradient(h, v, w), u), scale, met),
        ),
      );
    } catch (error) {
      if (!(error instanceof NonFiniteStepError)) throw error;
      nonFinite ??= `${error.message}: ${at.describe(error.step, v)}`;
    }
  }

  const limits: Record<keyof Worst, readonly [name: string, limit: number]> = {
    modes: ["reverse against forward mode", isSingle(flat.leaves) ? tolerance : Math.min(tolerance, 1e-9)],
    differences: ["first derivative against differences", tolerance],
    complex: ["first derivative against a complex step", Math.min(tolerance, 1e-9)],
    second: ["second derivative against differences", tolerance * 10],
  };
  const checks = (Object.keys(limits) as (keyof Worst)[]).flatMap((key): Check[] => {
    const [error, [name, limit]] = [worst[key], limits[key]];
    return error === null ? [] : [{ name, error, ok: error <= limit }];
  });
  const ok = nonFinite === null && checks.every((check) => check.ok);
  return reportOf({
    ok,
    checks,
    culprit: checks.every((check) => check.ok) ? null : culpritOn(recording.tape, tolerance),
    kinks: kinksOn(recording.tape),
    nonFinite,
    shortened: nonFinite === null ? shortened : null,
    complexStep: stopped,
  });
}

/** f near x, with vectors for trees. */
class Point {
  readonly x: Vector;
  readonly value: Vector;
  readonly #f: Differentiable;
  readonly #flat: Flat;
  readonly #result: Flat;

  constructor(f: Differentiable, flat: Flat, result: Flat) {
    this.#f = f;
    this.#flat = flat;
    this.#result = result;
    this.x = vectorOf(flat.leaves);
    this.value = vectorOf(result.leaves);
  }

  #tree(x: Vector): unknown {
    return this.#flat.rebuild(leavesLike(this.#flat.leaves, x));
  }

  #moved(h: number, v: Vector): unknown {
    return this.#tree(this.x.map((x, i) => x + h * v[i]!));
  }

  /** f(x + h v) */
  at(h: number, v: Vector): Vector {
    return vectorOf(flatten(this.#f(this.#moved(h, v)), "f(x)").leaves);
  }

  /** Jᵀ w */
  adjoint(w: Vector): Vector {
    const [, pullback] = vjp(this.#f, this.#tree(this.x) as never);
    const bar = this.#result.rebuild(leavesLike(this.#result.leaves, w));
    const [x] = pullback(bar as never) as unknown[];
    return vectorOf(flatten(x, "gradient").leaves);
  }

  /** J v; null where something in f has an adjoint alone. */
  tangent(v: Vector): Vector | null {
    try {
      const [, tangent] = jvp(this.#f, [this.#tree(this.x)] as never, [this.#tree(v)] as never);
      return vectorOf(flatten(tangent, "tangent").leaves);
    } catch (error) {
      if (error instanceof NoTangentError) return null;
      throw error;
    }
  }

  /** ⟨w, f⟩ as a function that can be differentiated. */
  #paired(w: Vector): Differentiable {
    const bar = leavesLike(this.#result.leaves, w);
    return ((x: unknown) => pairing(bar, flatten(this.#f(x), "f(x)").leaves)) as Differentiable;
  }

  /** ∇⟨w, f⟩ at x + h v. */
  gradient(h: number, v: Vector, w: Vector): Vector {
    return vectorOf(flatten(grad(this.#paired(w))(this.#moved(h, v) as never), "gradient").leaves);
  }

  /** The second derivative of ⟨w, f⟩ along v. */
  hessianProduct(w: Vector, v: Vector): Vector {
    const [, change] = jvp(grad(this.#paired(w)), [this.#tree(this.x)] as never, [this.#tree(v)] as never);
    return vectorOf(flatten(change, "hvp").leaves);
  }

  /** "p.x = 1.5, p.w[3] = −2": the first numbers of x + h v. */
  describe(h: number, v: Vector): string {
    const leaves = leavesLike(this.#flat.leaves, this.x.map((x, i) => x + h * v[i]!)); // prettier-ignore
    const texts = leaves.map((leaf: Leaf, i) => {
      const value = typeof leaf === "number" ? Number(leaf.toPrecision(6)) : `[${[...vectorOf([leaf]).subarray(0, 4)].map((x) => Number(x.toPrecision(6))).join(", ")}${vectorOf([leaf]).length > 4 ? ", …" : ""}]`; // prettier-ignore
      return `${this.#flat.paths[i]} = ${value}`;
    });
    return `${texts.slice(0, 4).join(", ")}${texts.length > 4 ? ", …" : ""}`;
  }
}
