/** Initial values of weights, from a stream of random numbers: the same seed gives the same bits. */
import { OptionError } from "../errors.js";
import type { Philox } from "../random/philox.js";
import { full, randomNormal, randomUniform, tensor } from "../tensor/create.js";
import { qr } from "../tensor/functions/linalg.js";
import { matrixTranspose, reshape } from "../tensor/functions/shapes.js";
import { mul } from "../tensor/functions/elementwise.js";
import { type Shape, shapeText, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { InitOptions } from "./layer.js";

export type Initialiser = (stream: Philox, shape: Shape, options?: InitOptions) => Tensor;

/**
 * How many numbers go into one, and out of one: of a weight [in, out], and of a kernel [out, in, height, width].
 * @throws OptionError for fewer than two axes
 */
function fans(shape: Shape): { into: number; out: number } {
  if (shape.length < 2)
    throw new OptionError(
      `A weight ${shapeText(shape)} has no fan: this initialiser is for matrices and kernels.`,
    );
  if (shape.length === 2) return { into: shape[0]!, out: shape[1]! };
  const field = sizeOf(shape.slice(2));
  return { into: shape[1]! * field, out: shape[0]! * field };
}

export const zeros: Initialiser = (_stream, shape, options) => full(shape, 0, options).contiguous();
export const ones: Initialiser = (_stream, shape, options) => full(shape, 1, options).contiguous();

/** N(0, deviation²) */
export const normal =
  (deviation = 0.01): Initialiser =>
  (stream, shape, options) =>
    mul(randomNormal(stream, shape, options), deviation);

/** U(−limit, limit) */
export const uniform =
  (limit = 0.05): Initialiser =>
  (stream, shape, options) =>
    randomUniform(stream, shape, options)
      .mul(2 * limit)
      .sub(limit);

/** N(0, deviation²) without what is beyond two deviations: such numbers are drawn again. */
export const truncatedNormal =
  (deviation = 0.01): Initialiser =>
  (stream, shape, options = {}) => {
    const kept: number[] = [];
    while (kept.length < sizeOf(shape))
      for (const x of stream.normals(sizeOf(shape) - kept.length))
        if (Math.abs(x) <= 2) kept.push(deviation * x);
    return tensor(kept, shape, options);
  };

const scaled =
  (of: (fan: { into: number; out: number }) => number, draw: (size: number) => Initialiser): Initialiser =>
  (stream, shape, options) =>
    draw(of(fans(shape)))(stream, shape, options);

/** Glorot and Bengio (2010), eq. 16. */
export const glorotUniform = scaled(({ into, out }) => Math.sqrt(6 / (into + out)), uniform);
export const glorotNormal = scaled(({ into, out }) => Math.sqrt(2 / (into + out)), normal);
/** He et al. (2015), for rectifiers. */
export const heUniform = scaled(({ into }) => Math.sqrt(6 / into), uniform);
export const heNormal = scaled(({ into }) => Math.sqrt(2 / into), normal);
export const lecunNormal = scaled(({ into }) => Math.sqrt(1 / into), normal);

/** Orthonormal rows or columns, whichever are fewer: Saxe et al. (2014). */
export const orthogonal: Initialiser = (stream, shape, options) => {
  const rows = shape[0] ?? 1;
  const columns = sizeOf(shape) / rows;
  const tall = rows >= columns;
  const drawn = randomNormal(stream, tall ? [rows, columns] : [columns, rows], {
    ...options,
    dtype: "float64",
  });
  // The diagonal of r is ≥ 0, so that q is drawn uniformly (Mezzadri 2007).
  const { q } = qr(drawn);
  return reshape(tall ? q : matrixTranspose(q), shape)
    .contiguous()
    .astype(options?.dtype ?? "float32");
};
