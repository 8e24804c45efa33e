/** linearize: a function's value, and its derivative at that point as a linear map that can be applied many times. */
import { zeroLike } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";
import { linearMap } from "../tape/linear-map.js";
import { flattenLike } from "../tree/tree.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";
import { recordCall } from "./vjp.js";

/**
 * f(x), and the map ẋ ↦ ∂f/∂x · ẋ. The function runs once; the map goes over its tape.
 *
 * @throws TreeError when a tangent has another form than its argument
 * @throws NoTangentError (by the map) where f has an operation with an adjoint alone
 * @example
 * const [y, slope] = linearize((x: number) => { "use ad"; return x * x; }, 3);
 * if (y !== 9 || slope(1) !== 6 || slope(2) !== 12) throw new Error("that is not the map");
 */
export function linearize<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: PlainArgs<A>
): [value: Plain<R>, tangent: (...tangents: PlainArgs<A>) => Plain<R>] {
  const recording = recordCall(f as Differentiable, args, true);
  const { tape, inputs, result, outputs } = recording;
  const map = (...tangents: PlainArgs<A>): Plain<R> => {
    const given = tangents.flatMap((tree, i) => flattenLike(tree, recording.args[i]!, `tangent ${i}`));
    const of = linearMap(tape, new Map<number, Leaf>(inputs.map((node, i) => [node, given[i]!])));
    return result.rebuild(
      result.leaves.map((leaf, i) => (outputs[i]! < 0 ? undefined : of(outputs[i]!)) ?? zeroLike(leaf)),
    ) as Plain<R>;
  };
  return [recording.value as Plain<R>, map];
}
