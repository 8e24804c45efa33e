/** Looking at a layer of fixed-point attention: the solve of one input, in plain numbers, and what says how it ended. */
import type { Matrix } from "../matrix.js";
import type { Dtype, Engine } from "../engine/engine.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { tidy } from "../tensor/tidy.js";
import { linearize } from "../transforms/linearize.js";
import type { FixedPointInfo } from "./iterate.js";

/** What a layer says of the map that it iterates, and how. */
export interface LookedAtSolver {
  readonly damping: number;
  readonly tolerance: number;
  readonly maxIterations: number;
  /** For example "inject". */
  readonly preset: string;
  /** τ of every head. */
  readonly temperature: number;
}

/** One solve, without a gradient. A look does not throw where the solve failed: `info` says so. */
export interface AttentionLook {
  readonly info: FixedPointInfo;
  readonly solver: LookedAtSolver;
  /** [tokens, width] the z with the smallest residual. */
  readonly z: Matrix;
  /** [tokens, width] f(z), undamped. */
  readonly value: Matrix;
  /** A of each head at z, [tokens, tokens]. */
  readonly attention: readonly Matrix[];
  /** f on plain numbers. */
  readonly step: (z: Matrix) => Matrix;
  /** At z: dz ↦ J·dz, J = ∂f/∂z of the undamped map. */
  readonly linearize: (z: Matrix) => (dz: Matrix) => Matrix;
}

/** A layer that can be looked at. */
export interface Lookable<P> {
  /** The solve of one input, [tokens, …] or [1, tokens, …], with these parameters. `onSolve` is not told of it. */
  look(params: P, x: Tensor): AttentionLook;
}

/** The numbers of the last two axes; of a batch of one. */
export function matrixOf(of: Tensor): Matrix {
  const [rows, cols] = of.shape.slice(-2) as [number, number];
  return { rows, cols, data: Float64Array.from(of.plain.dataSync(), Number) };
}

/** [1, heads, tokens, tokens] as one matrix each. */
export function headMatrices(weights: Tensor): readonly Matrix[] {
  const [, heads, rows, cols] = weights.shape as [number, number, number, number];
  const data = Float64Array.from(weights.plain.dataSync(), Number);
  const size = rows * cols;
  return Array.from({ length: heads }, (_, h) => ({
    rows,
    cols,
    data: data.slice(h * size, (h + 1) * size),
  }));
}

/** A map of tensors [1, tokens, width] as one of matrices, with its derivative. */
export function onMatrices(
  map: (z: Tensor) => Tensor,
  like: { readonly dtype: Dtype; readonly engine: Engine },
): Pick<AttentionLook, "step" | "linearize"> {
  const enter = ({ rows, cols, data }: Matrix): Tensor =>
    tensor([...data], [1, rows, cols], { dtype: like.dtype, engine: like.engine });
  const leave = (compute: () => Tensor): Matrix => {
    let found: Matrix | undefined;
    tidy(() => {
      found = matrixOf(compute());
      return null;
    });
    return found!;
  };
  return {
    step: (z) => leave(() => map(enter(z))),
    linearize: (z) => {
      const [, product] = linearize(map as (z: Tensor) => Tensor, enter(z) as never);
      return (dz) => leave(() => product(enter(dz) as never) as unknown as Tensor);
    },
  };
}
