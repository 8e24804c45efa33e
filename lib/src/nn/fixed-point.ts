/** Fixed points of maps on tensors, with three gradients that are not the same: unrolled, implicit, phantom. */
import type { GmresOptions } from "../numeric/gmres.js";
import type { Dtype } from "../engine/engine.js";
import { OptionError, ShapeError } from "../errors.js";
import { checkCount, checkFraction, checkOptionNames, checkPositive } from "../options.js";
import type { Scalar } from "../ad/recorded.js";
import { primalOf } from "../ad/recorded.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { implicit } from "../transforms/implicit.js";
import { isNumber } from "../transforms/leaf-vector.js";
import { NotConvergedError } from "../transforms/not-converged.js";
import { flatten } from "../tree/tree.js";
import { type FixedPointInfo, type IterateOptions, iteratePlain, iterateRecorded } from "./iterate.js";

/**
 * - "implicit": the exact gradient at the solution, by one transposed solve (GMRES), which needs I − J to be invertible and not
 *   ρ(J) < 1. Memory does not depend on the number of iterations.
 * - "unrolled": the gradient of the iteration as it was done; memory grows with every iteration.
 * - phantom: solved without a tape, then so many recorded applications of the *undamped* map. Cheap and not exact: off by a factor
 *   of about ρ(J)^phantom, and it may have the wrong sign.
 */
export type GradientMode = "implicit" | "unrolled" | { readonly phantom: number };

export interface FixedPointOptions {
  /** "implicit" when not given. */
  readonly gradient?: GradientMode;
  /** α in (0, 1]: z ← (1 − α) z + α f(z); 1. Cures cycles; changes neither z* nor its exact gradient. */
  readonly damping?: number;
  /** Converged when ‖f(z) − z‖ ≤ tolerance · ‖z‖, for every item of the batch: 1e-10 (float32: 1e-5). */
  readonly tolerance?: number;
  /** The most updates of z; 200. */
  readonly maxIterations?: number;
  /** What to do without convergence: "throw" (the default), or "continue" with the best z; then `onSolve` must be given. */
  readonly unconverged?: "throw" | "continue";
  /** Is told how each solve ended. */
  readonly onSolve?: (info: FixedPointInfo) => void;
  /** Of the transposed solve of "implicit". */
  readonly linear?: GmresOptions;
}

/** The names of the options, for layers that pass them on. */
export const fixedPointOptionNames = ["gradient", "damping", "tolerance", "maxIterations", "unconverged", "onSolve", "linear"] as const; // prettier-ignore

/** A step f(z, parameters), z and f of the shape [..., tokens, width]; the parameters a tree with all that it differentiates. */
export type FixedPointStep<P> = (z: Tensor, parameters: P) => Tensor;
/** (start, parameters) ↦ z*. */
export type FixedPointFinder<P> = (start: Tensor, parameters: P) => Tensor;
type Solve = <T extends { readonly z: Tensor; readonly info: FixedPointInfo }>(solved: T) => Tensor;

/** A tree without what records it. */
function plainOf<T>(tree: T): T {
  const flat = flatten(tree, "parameters");
  return flat.rebuild(
    flat.leaves.map((leaf) =>
      isNumber(leaf) ? primalOf(leaf as Scalar) : (leaf as unknown as Tensor).plain,
    ),
  ) as T;
}

/** How an iteration is made, with what was not given. */
export const fixedPointDefaults = (
  { damping = 1, maxIterations = 200, tolerance }: FixedPointOptions,
  dtype: Dtype,
): IterateOptions => ({
  damping,
  maxIterations,
  tolerance: tolerance ?? (dtype === "float32" ? 1e-5 : 1e-10),
});

function checkGradient(mode: GradientMode): number | "implicit" | "unrolled" {
  if (mode === "implicit" || mode === "unrolled") return mode;
  if (typeof mode !== "object" || mode === null)
    throw new OptionError(
      `gradient should be "implicit", "unrolled" or { phantom: k }; got ${JSON.stringify(mode)}.`,
    );
  checkOptionNames(mode, ["phantom"], "gradient");
  return checkCount(mode.phantom, "phantom", 1, 10_000);
}

/** What to try: where residuals still fall there is but time missing; where they do not, more of it does not help. */
function cure({ reason, residuals }: FixedPointInfo): string {
  if (reason === "diverged") return "Take a smaller damping, such as 0.5, or smaller weights";
  const falls = residuals.at(-1)! < 0.9 * (residuals.at(-11) ?? residuals[0]!);
  return falls ? "Allow more iterations: it still falls" : "It no longer falls: take a smaller damping, such as 0.5, or a larger tolerance"; // prettier-ignore
}

/** Tells of the end, and refuses one without convergence unless it is to go on. */
function judge(options: FixedPointOptions): Solve {
  return ({ z, info }) => {
    options.onSolve?.(info);
    if (info.reason !== "converged" && options.unconverged !== "continue")
      throw new NotConvergedError(
        `The fixed point was not found in ${info.iterations} iterations: the residual is ${info.residual.toPrecision(3)}. ` +
          `${cure(info)}; or go on with the best z: unconverged: "continue", with onSolve to be told.`,
        z.plain,
      );
    return z;
  };
}

/**
 * z*(parameters) of z = f(z, parameters) by damped iteration, as a function (start, parameters) ↦ z* whose gradient with respect to
 * the parameters is taken as `gradient` says. The start has the derivative 0 except where the iteration is unrolled.
 *
 * Damping never changes the exact gradient; through a damped step phantom(1) would be α times as large, so that phantom gradients
 * are defined on the undamped map.
 *
 * @throws NotConvergedError with the best z, unless `unconverged` is "continue"
 * @throws OptionError, UnknownOptionError for options; ShapeError where f changes the shape of z
 * @throws ClosureError by "implicit" where f uses a recorded value that is not among its parameters
 * @throws PendingStorageError for tensors on an engine that answers later
 * @see Bai, Kolter & Koltun (2019), deep equilibrium models; Fung et al. (2022) and Geng et al. (2021) for phantom gradients
 * @example
 * const cosine = fixedPoint((z: Tensor, a: Tensor) => ops.cos(ops.mul(z, a)));
 * const z = cosine(tensor([[0.5]], { dtype: "float64" }), tensor([[1]], { dtype: "float64" }));
 * if (Math.abs(z.item() - 0.7390851332) > 1e-9) throw new Error(String(z.item()));
 */
export function fixedPoint<P>(step: FixedPointStep<P>, options: FixedPointOptions = {}): FixedPointFinder<P> {
  checkOptionNames(options, fixedPointOptionNames, "fixedPoint");
  const mode = checkGradient(options.gradient ?? "implicit");
  const unconverged = options.unconverged ?? "throw";
  if (unconverged !== "throw" && unconverged !== "continue")
    throw new OptionError(`unconverged should be "throw" or "continue"; got ${JSON.stringify(unconverged)}.`);
  if (unconverged === "continue" && !options.onSolve)
    throw new OptionError('unconverged: "continue" needs onSolve, so that somebody is told.');
  checkFraction(options.damping ?? 1, "damping");
  checkCount(options.maxIterations ?? 1, "maxIterations", 1, 1e6);
  if (options.tolerance !== undefined) checkPositive(options.tolerance, "tolerance");
  const settle = judge(options);

  const checked: FixedPointStep<P> = (z, parameters) => {
    const y = step(z, parameters);
    if (shapeText(y.shape) !== shapeText(z.shape))
      throw new ShapeError(`A fixed point's map keeps the shape ${shapeText(z.shape)}; it gave ${shapeText(y.shape)}.`); // prettier-ignore
    return y;
  };
  const settings = (z: Tensor): IterateOptions => fixedPointDefaults(options, z.dtype);
  const plain: FixedPointFinder<P> = (start, parameters) =>
    settle(iteratePlain((z) => checked(z, parameters), start, settings(start)));

  if (mode === "unrolled")
    return (start, parameters) =>
      settle(iterateRecorded((z) => checked(z, parameters), start, settings(start)));
  if (mode === "implicit")
    return implicit(checked, {
      kind: "fixedPoint",
      solve: plain,
      // It was judged already, by the measure of these options.
      tolerance: Number.MAX_VALUE,
      ...(options.linear && { linear: options.linear }),
    });
  return (start, parameters) => {
    let z = plain(plainOf(start), plainOf(parameters));
    for (let k = 0; k < mode; k++) z = checked(z, parameters);
    return z;
  };
}
