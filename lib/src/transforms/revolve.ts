/** revolve: the adjoint of a long loop with few stored states, by binomial checkpointing. */
import { addTrees, zeroTree } from "../tree/arithmetic.js";
import { ownDerivatives } from "./call.js";
import { jvp } from "./jvp.js";
import { vjp } from "./vjp.js";
import type { Differentiable } from "./types.js";
import { checkCount, checkOptionNames } from "../options.js";

export interface RevolveOptions {
  /** How many states may be kept at once, the first included. */
  readonly snapshots: number;
}

/** β(s, r) = C(s + r, s): the longest loop that s snapshots and r evaluations of every step can reverse. */
export function revolveCapacity(snapshots: number, repetitions: number): number {
  let capacity = 1;
  for (let i = 1; i <= snapshots; i++) capacity = (capacity * (repetitions + i)) / i;
  return Math.round(capacity);
}

/**
 * How many steps are evaluated to reverse a loop of `steps` steps, beyond its first run: the minimum,
 * r·n − β(s + 1, r − 1) with r the least number of repetitions that suffices.
 * @see Griewank and Walther (2000), Algorithm 799, Proposition 1
 */
export function revolveCost(steps: number, snapshots: number): number {
  let r = 0;
  while (revolveCapacity(snapshots, r) < steps) r++;
  return r * steps - (r > 0 ? revolveCapacity(snapshots + 1, r - 1) : 0);
}

/**
 * Where to put the next snapshot in a stretch of n steps with s snapshots, the one at its start included: after how many
 * steps m. Optimal are β(s, r−2) ≤ m ≤ β(s, r−1) with β(s−1, r−1) ≤ n − m ≤ β(s−1, r).
 */
function placeOf(n: number, s: number): number {
  let r = 0;
  while (revolveCapacity(s, r) < n) r++;
  const below = r >= 2 ? revolveCapacity(s, r - 2) : 1;
  return Math.min(n - 1, Math.max(1, below, n - revolveCapacity(s - 1, r)));
}

export interface RevolveCount {
  /** Steps evaluated while reversing, those that were taped left out. */
  advanced: number;
  /** The most states that were kept at once. */
  kept: number;
}

/**
 * x ← step(x, θ, i) for i = 0 … steps − 1, with an adjoint that keeps at most `snapshots` states.
 *
 * @param step one step of the loop; it may use θ, and nothing else that is recorded
 * @param count told what reversing cost, to compare with revolveCost
 */
export function revolve<X, P>(
  step: (x: X, parameters: P, i: number) => X,
  steps: number,
  options: RevolveOptions,
  count: RevolveCount = { advanced: 0, kept: 0 },
): (x: X, parameters: P) => X {
  checkOptionNames(options, ["snapshots"], "revolve");
  const snapshots = checkCount(options.snapshots, "snapshots", 1, 1e6);
  checkCount(steps, "steps", 0, 1e9);
  const advance = (x: X, parameters: P, from: number, to: number): X => {
    let at = x;
    for (let i = from; i < to; i++) at = step(at, parameters, i);
    return at;
  };
  const run = (x: X, parameters: P) => advance(x, parameters, 0, steps);

  function reverse(x: X, parameters: P, adjoint: unknown, add: (p: unknown) => void): unknown {
    let kept = 0;
    /** The adjoint at step `from` from the one at step `to`; the state at `from` is kept already. */
    const stretch = (state: X, from: number, to: number, free: number, seed: unknown): unknown => {
      kept++;
      count.kept = Math.max(count.kept, kept);
      let [end, xBar] = [to, seed];
      while (end - from > 1 && free > 0) {
        const middle = from + placeOf(end - from, free + 1);
        count.advanced += middle - from;
        xBar = stretch(advance(state, parameters, from, middle), middle, end, free - 1, xBar);
        end = middle;
      }
      for (let last = end; last > from; last--) {
        count.advanced += last - 1 - from;
        const before = advance(state, parameters, from, last - 1);
        const [, pullback] = vjp(
          ((y: X, p: P) => step(y, p, last - 1)) as Differentiable,
          before as never,
          parameters as never,
        );
        const [stateBar, parametersBar] = pullback(xBar as never) as unknown[];
        xBar = stateBar;
        add(parametersBar);
      }
      kept--;
      return xBar;
    };
    return stretch(x, 0, steps, snapshots - 1, adjoint);
  }

  return ownDerivatives("revolve", {
    plain: run as Differentiable,
    reverse: ([x, parameters]) => ({
      value: run(x as X, parameters as P),
      pullback: (cotangent) => {
        let sum = zeroTree(parameters);
        const xBar = reverse(x as X, parameters as P, cotangent, (part) => {
          sum = addTrees(sum, part);
        });
        return [xBar, sum];
      },
    }),
    forward: (args, tangents) =>
      jvp(run as Differentiable, args as never, tangents as never) as [unknown, unknown],
  }) as (x: X, parameters: P) => X;
}
