/** implicit: the solution of an equation, with a derivative that knows nothing of how it was found. */
import { checkChoice, checkCount, checkOptionNames, checkPositive } from "../options.js";
import type { Scalar } from "../ad/recorded.js";
import { neg, sub } from "../rules/generated/record.js";
import { primalOf } from "../ad/recorded.js";
import { flatten, flattenLike, TreeError } from "../tree/tree.js";
import { ownDerivatives } from "./call.js";
import { solveLinear, transposed } from "./linear-solve.js";
import { jacobian } from "./jacobian.js";
import { jvp } from "./jvp.js";
import { stopGradient } from "./stop-gradient.js";
import { vjp } from "./vjp.js";
import type { Differentiable } from "./types.js";

/** The equation was not solved, so that there is no solution to differentiate. */
export class NotConvergedError extends Error {
  override readonly name = "NotConvergedError";
  /** The best iterate that was found. */
  readonly best: unknown;

  constructor(message: string, best: unknown) {
    super(message);
    this.best = best;
  }
}

export interface ImplicitOptions<Z, P> {
  /** Whether the equation is e(z, θ) = 0 (by Newton's method) or z = e(z, θ) (by iteration); "root" when not given. */
  readonly kind?: "root" | "fixedPoint";
  /** A solver of your own, on plain numbers. */
  readonly solve?: (start: Z, parameters: P) => Z;
  /** The largest residual that counts as solved, relative to 1 + |z| (1e-12). */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

type Equation = (z: unknown, parameters: unknown) => unknown;

const leavesOf = (tree: unknown): Scalar[] => flatten(tree, "z").leaves as Scalar[];

/** e for a root, z − e for a fixed point: what is 0 at the solution. */
function residualOf(equation: Equation, kind: "root" | "fixedPoint"): Equation {
  return (z, parameters) => {
    const flat = flatten(z, "z");
    const value = flattenLike(equation(z, parameters), flat, "the equation's value") as Scalar[];
    return kind === "root" ? value : (flat.leaves as Scalar[]).map((leaf, i) => sub(leaf, value[i]!));
  };
}

/** ∂g/∂z at (z, θ), a row for each number of z. */
function matrixOf(residual: Equation, z: unknown, parameters: unknown): Scalar[][] {
  const flat = flatten(z, "z");
  const ofLeaves = (leaves: unknown[]) => residual(flat.rebuild(leaves), parameters);
  return jacobian(ofLeaves as Differentiable)([...flat.leaves] as never) as Scalar[][];
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/**
 * The solution z*(θ) of an equation as a function (start, θ) ↦ z* that can be differentiated with respect to θ, to any order:
 * the adjoint is one transposed linear solve at the solution, (∂g/∂z)ᵀ w = z̄ and θ̄ = −(∂g/∂θ)ᵀ w, whatever the iteration
 * did. So its memory does not depend on the number of iterations. The start has the derivative 0.
 *
 * @param equation e(z, θ), in the form of z, a tree of numbers
 * @throws NotConvergedError with the best iterate, when the residual stays above the tolerance
 */
export function implicit<Z, P>(
  equation: (z: Z, parameters: P) => Z,
  options: ImplicitOptions<Z, P> = {},
): (start: Z, parameters: P) => Z {
  checkOptionNames(options, ["kind", "solve", "tolerance", "maxIterations"], "implicit");
  const kind = checkChoice(options.kind ?? "root", "kind", ["root", "fixedPoint"]);
  const tolerance = checkPositive(options.tolerance ?? 1e-12, "tolerance");
  const most = checkCount(options.maxIterations ?? (kind === "root" ? 100 : 10_000), "maxIterations", 1, 1e9);
  const e = equation as Equation;
  const residual = residualOf(e, kind);

  function solvePlain(start: unknown, parameters: unknown): unknown {
    let best: { readonly z: unknown; readonly size: number } = { z: start, size: Infinity };
    let z = options.solve ? (options.solve(start as Z, parameters as P) as unknown) : start;
    for (let i = 0; i <= most; i++) {
      const flat = flatten(z, "z");
      const g = (residual(z, parameters) as Scalar[]).map(primalOf);
      const scale = 1 + largest((flat.leaves as Scalar[]).map(primalOf));
      const size = g.some(Number.isNaN) ? Infinity : largest(g) / scale;
      if (size < best.size) best = { z, size };
      if (size <= tolerance) return z;
      if (options.solve || size === Infinity) break;
      const step = kind === "root" ? solveLinear(matrixOf(residual, z, parameters), g) : g;
      z = flat.rebuild((flat.leaves as number[]).map((leaf, j) => leaf - (step[j] as number)));
    }
    throw new NotConvergedError(
      `The equation was not solved: the residual is ${best.size.toPrecision(3)} and should be at most ${tolerance}. ` +
        "Start nearer to the solution, give a solver, or allow more iterations.",
      best.z,
    );
  }

  const solution = ownDerivatives(equation.name || "implicit", {
    plain: (start, parameters) => solvePlain(stopGradient(start), stopGradient(parameters)),
    reverse([start, parameters]) {
      // One level below something may record, too: then the solution there has its own derivative.
      const z = solution(start, parameters);
      return {
        value: z,
        pullback(cotangent) {
          const flat = flatten(z, "z");
          const zBar = flattenLike(cotangent, flat, "cotangent") as Scalar[];
          const w = solveLinear(transposed(matrixOf(residual, z, parameters)), zBar);
          const ofParameters = (p: unknown) => residual(z, p);
          const [, pullback] = vjp(ofParameters as Differentiable, parameters as never);
          const [bar] = pullback(w.map((x) => neg(x)) as never) as unknown[];
          return [flatten(start, "start").rebuild(leavesOf(start).map(() => 0)), bar];
        },
      };
    },
    forward([start, parameters], [, tangents]) {
      const z = solution(start, parameters);
      const ofParameters = (p: unknown) => residual(z, p);
      const [, change] = jvp(ofParameters as Differentiable, [parameters] as never, [tangents] as never);
      const dz = solveLinear(
        matrixOf(residual, z, parameters),
        (change as Scalar[]).map((x) => neg(x)),
      );
      return [z, flatten(z, "z").rebuild(dz)];
    },
  });
  return (start, parameters) => {
    if (leavesOf(start).length === 0) throw new TreeError("implicit needs a start with at least one number.");
    return solution(start, parameters) as Z;
  };
}
