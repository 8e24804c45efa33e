/** A convolution with a bias for each channel. */
import { checkCount } from "../options.js";
import { add } from "../tensor/functions/elementwise.js";
import { conv2d, type ConvOptions } from "../tensor/functions/convolution.js";
import { reshape } from "../tensor/functions/shapes.js";
import type { Tensor } from "../tensor/tensor.js";
import { heNormal, zeros } from "./initialisers.js";
import type { Layer } from "./layer.js";

export interface ConvolutionParams {
  /** [out, channels, size, size] */
  readonly weight: Tensor;
  /** [out] */
  readonly bias: Tensor;
}

/** [batch, channels, height, width] → [batch, out, …] */
export function convolution(
  channels: number,
  out: number,
  size: number,
  options: ConvOptions = {},
): Layer<ConvolutionParams> {
  for (const [name, count] of Object.entries({ channels, out, size })) checkCount(count, name, 1, 2 ** 16);
  return {
    init: (stream, how) => ({
      weight: heNormal(stream.split(0), [out, channels, size, size], how),
      bias: zeros(stream, [out], how),
    }),
    apply: ({ weight, bias }, x) => add(conv2d(x, weight, options), reshape(bias, [out, 1, 1])),
  };
}
