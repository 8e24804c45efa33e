/** preaccumulate: a block of which the tape keeps the local Jacobian, and nothing of how it was computed. */
import { addLeaves, zeroLike } from "../ad/leaves.js";
import { isTensor } from "../tensor/tensor.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { mul } from "../rules/generated/record.js";
import { flatten, flattenLike, TreeError } from "../tree/tree.js";
import { ownDerivatives } from "./call.js";
import { jvp } from "./jvp.js";
import type { Differentiable } from "./types.js";
import { pullBack, recordCall } from "./vjp.js";

/**
 * f, whose Jacobian is computed when it is called: one sweep for each number of its result. It is worth it where a block has
 * many operations, and few inputs and results: of n inputs and m results, n · m numbers stay.
 *
 * @throws ClosureError when f uses a recorded value that is not among its arguments; TreeError when it has tensors
 */
export function preaccumulate<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  const name = f.name || "preaccumulate";
  return ownDerivatives(name, {
    plain: f as Differentiable,
    reverse(args) {
      const recording = recordCall(f as Differentiable, args, true);
      const { tape, result, value } = recording;
      if (tape.ownObjects !== null || result.leaves.some(isTensor))
        throw new TreeError(
          `preaccumulate is of numbers; ${name} has tensors, whose Jacobians are large. Take checkpoint.`,
        );
      const unit = (at: number) => result.rebuild(result.leaves.map((_, i) => (i === at ? 1 : 0)));
      // Of an enclosing derivative the rows are recorded there, as the sweeps are.
      const rows = result.leaves.map((_, i) =>
        pullBack(recording, unit(i)).map((row) => flatten(row, "row").leaves),
      );
      tape.release();
      const forms = recording.args;
      return {
        value,
        pullback(cotangent) {
          const seeds = flattenLike(cotangent, result, "cotangent");
          return forms.map((flat, k) =>
            flat.rebuild(
              flat.leaves.map((leaf, j) =>
                rows.reduce<Leaf>(
                  (sum, row, i) => addLeaves(sum, mul(seeds[i] as Scalar, row[k]![j] as Scalar)),
                  zeroLike(leaf),
                ),
              ),
            ),
          );
        },
      };
    },
    forward: (args, tangents) =>
      jvp(f as Differentiable, args as never, tangents as never) as [unknown, unknown],
  }) as (...args: A) => R;
}
