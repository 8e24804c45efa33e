/** conv2d, by im2col: the patches are a view of the image, and the sum over them is one product of matrices. */
import { ShapeError } from "../../errors.js";
import { checkCount, checkOptionNames } from "../../options.js";
import { call } from "../registry.js";
import type { Window } from "../rules/windows.js";
import { shapeText } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { matmul } from "./products.js";
import { pad, reshape, transpose } from "./shapes.js";

export interface ConvOptions {
  /** How far the window moves (1). */
  readonly stride?: number;
  /** Zeros around the image (0). */
  readonly padding?: number;
  /** Distance of the elements of the window (1). */
  readonly dilation?: number;
}

/**
 * Cross-correlation, as in every library: out[b, o, i, j] = Σ x[b, c, i·stride + k, j·stride + l] · w[o, c, k, l].
 *
 * @param x [batch, channels, height, width]
 * @param weight [out, channels, kernel height, kernel width]
 * @returns [batch, out, ⌊(height + 2·padding − dilation·(kernel height − 1) − 1) / stride⌋ + 1, …]
 * @throws ShapeError when channels differ, or the window is larger than the image
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  checkOptionNames(options, ["stride", "padding", "dilation"], "conv2d");
  const stride = checkCount(options.stride ?? 1, "stride", 1, 2 ** 16);
  const padding = checkCount(options.padding ?? 0, "padding", 0, 2 ** 16);
  const dilation = checkCount(options.dilation ?? 1, "dilation", 1, 2 ** 16);
  if (x.rank !== 4 || weight.rank !== 4 || x.shape[1] !== weight.shape[1])
    throw new ShapeError(
      `conv2d needs an image [batch, channels, height, width] and a weight [out, channels, height, width] with as many ` +
        `channels; it got ${shapeText(x.shape)} and ${shapeText(weight.shape)}.`,
    );
  const padded = pad(x, [[0, 0], [0, 0], [padding, padding], [padding, padding]]); // prettier-ignore
  const [batch, channels, height, width] = padded.shape as [number, number, number, number];
  const [out, , rows, columns] = weight.shape as [number, number, number, number];
  const places = (extent: number, kernel: number) =>
    Math.floor((extent - dilation * (kernel - 1) - 1) / stride) + 1;
  const [tall, wide] = [places(height, rows), places(width, columns)];
  if (tall < 1 || wide < 1)
    throw new ShapeError(
      `The window ${shapeText([rows, columns])} is larger than the image ${shapeText(x.shape)}.`,
    );
  const window: Window = {
    shape: [batch, tall, wide, channels, rows, columns],
    along: [[0, 1], [2, stride], [3, stride], [1, 1], [2, dilation], [3, dilation]], // prettier-ignore
    start: [0, 0, 0, 0],
  };
  const patches = reshape(call("windows", [padded], window), [
    batch * tall * wide,
    channels * rows * columns,
  ]);
  const kernels = transpose(reshape(weight, [out, channels * rows * columns]));
  return transpose(reshape(matmul(patches, kernels), [batch, tall, wide, out]), [0, 3, 1, 2]);
}
