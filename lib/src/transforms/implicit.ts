/** implicit: the solution of an equation, with a derivative that knows nothing of how it was found. */
import { zeroLike } from "../ad/leaves.js";
import { type Leaf, primalOf, Recorded, type Scalar } from "../ad/recorded.js";
import type { GmresOptions } from "../numeric/gmres.js";
import { checkChoice, checkCount, checkOptionNames, checkPositive } from "../options.js";
import { neg, sub } from "../rules/generated/record.js";
import { scopes } from "../tensor/scope.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flat, flatten, flattenLike, TreeError } from "../tree/tree.js";
import { ClosureError, ownDerivatives } from "./call.js";
import { type Residual, systemOf } from "./implicit-system.js";
import { jvp } from "./jvp.js";
import { isNumber, isSingle, leavesLike, vectorOf } from "./leaf-vector.js";
import { NotConvergedError } from "./not-converged.js";
import type { Differentiable } from "./types.js";
import { vjp } from "./vjp.js";

export { NotConvergedError } from "./not-converged.js";

export interface ImplicitOptions<Z, P> {
  /** Whether the equation is e(z, θ) = 0 (by Newton's method) or z = e(z, θ) (by iteration); "root" when not given. */
  readonly kind?: "root" | "fixedPoint";
  /** A solver of your own, on plain numbers and tensors. */
  readonly solve?: (start: Z, parameters: P) => Z;
  /** The largest residual that counts as solved, relative to 1 + |z| (1e-12; 1e-6 where z has float32 tensors). */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Of the linear solves where z has tensors, or more than 200 numbers: GMRES, to 1e-12 (float32: 1e-6). */
  readonly linear?: GmresOptions;
}

type Equation = (z: unknown, parameters: unknown) => unknown;

const negative = (leaves: readonly Leaf[]): Leaf[] => leaves.map((leaf) => neg(leaf as Scalar) as Leaf);

/**
 * That leaves go with those of z, one by one: a number for a number, and a tensor of its shape and dtype for a tensor.
 * @throws TreeError naming the leaf
 */
function checkLike(leaves: readonly Leaf[], like: Flat, what: string): readonly Leaf[] {
  const say = (leaf: Leaf): string =>
    isNumber(leaf)
      ? "a number"
      : `a ${(leaf as unknown as Tensor).dtype} tensor ${shapeText((leaf as unknown as Tensor).shape)}`;
  like.leaves.forEach((wanted, i) => {
    if (say(leaves[i]!) !== say(wanted))
      throw new TreeError(
        `${what} should have the form of z: ${like.paths[i]} is ${say(wanted)}, and here ${say(leaves[i]!)}.`,
      );
  });
  return leaves;
}

/** e for a root, z − e for a fixed point: what is 0 at the solution. */
function residualOf(equation: Equation, kind: "root" | "fixedPoint"): Residual {
  return (z, parameters) => {
    const flat = flatten(z, "z");
    const value = flattenLike(equation(z, parameters), flat, "the equation's value");
    checkLike(value, flat, "The equation's value");
    return kind === "root"
      ? value
      : flat.leaves.map((leaf, i) => sub(leaf as Scalar, value[i] as Scalar) as Leaf);
  };
}

/** What nothing records: at the bottom all arguments are so, and what is recorded has come by a closure. */
function checkPlain(leaves: readonly Leaf[], name: string): readonly Leaf[] {
  const isRecorded = (leaf: Leaf) =>
    leaf instanceof Recorded || (!isNumber(leaf) && (leaf as unknown as Tensor).trace !== null);
  if (leaves.some(isRecorded))
    throw new ClosureError(
      `${name} used a recorded value that is not among its arguments, so that its derivative would be lost. Pass it as a parameter.`,
    );
  return leaves;
}

/** A tree without what records it. */
function bottomOf(tree: unknown): unknown {
  const flat = flatten(tree, "argument");
  return flat.rebuild(
    flat.leaves.map((leaf) =>
      isNumber(leaf) ? primalOf(leaf as Scalar) : (leaf as unknown as Tensor).plain,
    ),
  );
}

/** Run something that leaves no tensor behind. */
const passing = <T>(body: () => T): T => scopes.within(body, () => []);

/** Tensors that this solve has made itself. */
function dispose(tree: unknown): void {
  for (const leaf of flatten(tree, "z").leaves) if (!isNumber(leaf)) (leaf as unknown as Tensor).dispose();
}

/** NaN where one is. */
const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/**
 * The solution z*(θ) of an equation as a function (start, θ) ↦ z* that can be differentiated with respect to θ, to any order:
 * the adjoint is one transposed linear solve at the solution, (∂g/∂z)ᵀ w = z̄ and θ̄ = −(∂g/∂θ)ᵀ w, whatever the iteration
 * did. So its memory does not depend on the number of iterations. The start has the derivative 0. Where z has tensors the
 * solve is by products alone (GMRES), each of them one pullback of the equation.
 *
 * @param equation e(z, θ), in the form of z, a tree of numbers and tensors
 * @throws NotConvergedError with the best iterate, when the residual stays above the tolerance, or a linear solve's does
 * @throws TreeError where the equation's value has another form or shape than z; ClosureError where the equation uses a recorded
 *   value that is not among its arguments
 * @throws PendingStorageError where z has tensors on an engine that answers later
 */
export function implicit<Z, P>(
  equation: (z: Z, parameters: P) => Z,
  options: ImplicitOptions<Z, P> = {},
): (start: Z, parameters: P) => Z {
  checkOptionNames(options, ["kind", "solve", "tolerance", "maxIterations", "linear"], "implicit");
  const kind = checkChoice(options.kind ?? "root", "kind", ["root", "fixedPoint"]);
  if (options.tolerance !== undefined) checkPositive(options.tolerance, "tolerance");
  const most = checkCount(options.maxIterations ?? (kind === "root" ? 100 : 10_000), "maxIterations", 1, 1e9);
  const residual = residualOf(equation as Equation, kind);
  const system = systemOf(residual, options.linear ?? {});

  const name = equation.name || "implicit";

  /** What an iteration makes is given back before the next one: memory does not grow with their number. */
  function solvePlain(start: unknown, parameters: unknown): unknown {
    const like = flatten(start, "start");
    const tolerance = options.tolerance ?? (isSingle(like.leaves) ? 1e-6 : 1e-12);
    let z = options.solve ? (options.solve(start as Z, parameters as P) as unknown) : start;
    if (options.solve) checkLike(flattenLike(z, like, "the solver's answer"), like, "The solver's answer");
    let at = vectorOf(flatten(z, "z").leaves);
    let best = { at, size: Infinity };
    for (let i = 0; i <= most; i++) {
      const current = z;
      const g = passing(() => vectorOf(checkPlain(residual(current, parameters), name)));
      const size = largest(g) / (1 + largest(at));
      if (size < best.size) best = { at, size };
      if (size <= tolerance) return z;
      if (options.solve || !Number.isFinite(size)) break;
      const step = kind === "root" ? passing(() => vectorOf(system.solve(current, parameters, leavesLike(like.leaves, g)))) : g; // prettier-ignore
      at = at.map((x, j) => x - step[j]!);
      if (i > 0) dispose(z);
      z = like.rebuild(leavesLike(like.leaves, at));
    }
    throw new NotConvergedError(
      `The equation was not solved: the residual is ${best.size.toPrecision(3)} and should be at most ${tolerance}. ` +
        "Start nearer to the solution, give a solver, or allow more iterations.",
      like.rebuild(leavesLike(like.leaves, best.at)),
    );
  }

  const solution = ownDerivatives(name, {
    plain: (start, parameters) => solvePlain(bottomOf(start), bottomOf(parameters)),
    reverse([start, parameters]) {
      // One level below something may record, too: then the solution there has its own derivative.
      const z = solution(start, parameters);
      return {
        value: z,
        pullback(cotangent) {
          const zBar = flattenLike(cotangent, flatten(z, "z"), "cotangent");
          const w = system.solveTransposed(z, parameters, zBar);
          const ofParameters = (p: unknown) => residual(z, p);
          const [, pullback] = vjp(ofParameters as Differentiable, parameters as never);
          const [bar] = pullback(negative(w) as never) as unknown[];
          const from = flatten(start, "start");
          return [from.rebuild(from.leaves.map(zeroLike)), bar];
        },
      };
    },
    forward([start, parameters], [, tangents]) {
      const z = solution(start, parameters);
      const ofParameters = (p: unknown) => residual(z, p);
      const [, change] = jvp(ofParameters as Differentiable, [parameters] as never, [tangents] as never);
      const dz = system.solve(z, parameters, negative(change as Leaf[]));
      return [z, flatten(z, "z").rebuild(dz)];
    },
  });
  return (start, parameters) => {
    if (flatten(start, "start").leaves.length === 0)
      throw new TreeError("implicit needs a start with at least one number.");
    return solution(start, parameters) as Z;
  };
}
