/** Layer norm with a gain and a shift. */
import { checkCount, checkPositive } from "../options.js";
import { add, mul } from "../tensor/functions/elementwise.js";
import { layerNorm as normalised } from "../tensor/functions/rows.js";
import type { Tensor } from "../tensor/tensor.js";
import { ones, zeros } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { checkWidth } from "./linear.js";

export interface LayerNormParams {
  /** [width] */
  readonly gain: Tensor;
  readonly shift: Tensor;
}

/** Over the last axis: (x − mean)/√(variance + ε) · gain + shift. */
export function layerNorm(width: number, epsilon = 1e-5): Layer<LayerNormParams> {
  checkCount(width, "width", 1, 2 ** 24);
  checkPositive(epsilon, "epsilon");
  return {
    init: (stream, how) => ({ gain: ones(stream, [width], how), shift: zeros(stream, [width], how) }),
    apply({ gain, shift }, x) {
      checkWidth("layerNorm", x, width);
      return add(mul(normalised(x, { epsilon }), gain), shift);
    },
  };
}
