/** vmap: a function of one example as a function of many, along an axis of its tensors. */
import { OptionError, ShapeError } from "../errors.js";
import { checkOptionNames } from "../options.js";
import { slice, stack, transpose } from "../tensor/functions/shapes.js";
import { axisOf, shapeText } from "../tensor/shape.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import { flatten, TreeError } from "../tree/tree.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";

export interface VmapOptions {
  /** For each argument, along which axis its tensors are mapped (0); null for one that every example gets as it is. */
  readonly in?: number | null | readonly (number | null)[];
  /** Along which axis the results are put together (0). */
  readonly out?: number;
}

/**
 * f of every example. Semantics are jax.vmap's; the examples are taken one after the other, so that it is sound for every
 * function, and no faster than a loop.
 *
 * @throws ShapeError when mapped axes have different lengths
 * @throws TreeError for a mapped number, or a result that is no tensor
 * @example
 * const squares = vmap((x: Tensor) => x.mul(x).sum())(tensor([[1, 2], [3, 4]]));
 * if (squares.dataSync()[1] !== 25) throw new Error("that is not the sum of squares");
 */
export function vmap<A extends unknown[], R>(
  f: (...args: A) => R,
  options: VmapOptions = {},
): (...args: PlainArgs<A>) => Plain<R> {
  checkOptionNames(options, ["in", "out"], "vmap");
  const out = options.out ?? 0;
  return (...args) => {
    const axes = axesFor(options.in ?? 0, args.length);
    const flats = args.map((arg, i) => (axes[i] === null ? null : flatten(arg, `argument ${i}`)));
    const size = sizeOf(
      flats.map((flat, i) => ({ leaves: flat?.leaves ?? [], paths: () => flat!.paths, axis: axes[i]! })),
    );
    const examples = Array.from({ length: size }, (_, at) =>
      flatten(
        (f as Differentiable)(
          ...args.map((arg, i) => {
            const flat = flats[i];
            if (!flat) return arg as unknown;
            return flat.rebuild(
              flat.leaves.map((leaf) => exampleOf(leaf as unknown as Tensor, axes[i]!, at)),
            );
          }),
        ),
        "the result",
      ),
    );
    const [first] = examples;
    if (first === undefined)
      throw new ShapeError("vmap over an axis of length 0 has no example to tell the shape of its result.");
    return first.rebuild(
      first.leaves.map((_, k) =>
        together(
          examples.map(({ leaves }) => leaves[k]),
          out,
        ),
      ),
    ) as Plain<R>;
  };
}

function axesFor(given: NonNullable<VmapOptions["in"]> | null, count: number): readonly (number | null)[] {
  const axes = Array.isArray(given) ? (given as readonly (number | null)[]) : new Array<number | null>(count).fill(given as number | null); // prettier-ignore
  if (axes.length !== count)
    throw new OptionError(
      `vmap was given ${axes.length} axes for ${count} arguments; null is for one that is not mapped.`,
    );
  if (axes.every((axis) => axis === null))
    throw new OptionError("vmap needs at least one argument that is mapped.");
  return axes;
}

interface Mapped {
  readonly leaves: readonly unknown[];
  readonly paths: () => readonly string[];
  readonly axis: number;
}

/** The length of the mapped axes. */
function sizeOf(mapped: readonly Mapped[]): number {
  let found: { readonly size: number; readonly path: string } | null = null;
  for (const { leaves, paths, axis } of mapped)
    leaves.forEach((leaf, i) => {
      const path = paths()[i]!;
      if (!isTensor(leaf))
        throw new TreeError(
          `vmap maps tensors, and ${path} is a number: make a tensor of it, or give it the axis null.`,
        );
      const size = leaf.shape[axisOf("vmap", axis, leaf.rank)]!;
      if (found !== null && found.size !== size)
        throw new ShapeError(
          `vmap needs mapped axes of one length: ${found.path} has ${found.size}, ${path} ${shapeText(leaf.shape)} has ${size}.`,
        );
      found ??= { size, path };
    });
  return (found as { readonly size: number } | null)?.size ?? 0;
}

const exampleOf = (x: Tensor, axis: number, at: number): Tensor =>
  slice(x, ...x.shape.map((_, i) => (i === axisOf("vmap", axis, x.rank) ? at : null)));

function together(parts: readonly unknown[], out: number): Tensor {
  if (!parts.every(isTensor))
    throw new TreeError(
      "vmap puts tensors together; the function returned a number. Return a tensor: t.sum(), not t.sum().item().",
    );
  const joined = stack(parts as readonly Tensor[]);
  const to = axisOf("vmap's out", out, joined.rank);
  if (to === 0) return joined;
  const order = [...joined.shape.keys()].slice(1);
  order.splice(to, 0, 0);
  return transpose(joined, order);
}
