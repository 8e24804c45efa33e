/** Affine maps: x W + b. */
import { ShapeError } from "../errors.js";
import { checkCount, checkOptionNames } from "../options.js";
import { add } from "../tensor/functions/elementwise.js";
import { matmul } from "../tensor/functions/products.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { glorotUniform, type Initialiser, zeros } from "./initialisers.js";
import type { Layer } from "./layer.js";

export interface LinearParams {
  /** [inputs, outputs] */
  readonly weight: Tensor;
  /** [outputs] */
  readonly bias?: Tensor;
}

export interface LinearOptions {
  readonly bias?: boolean;
  readonly weight?: Initialiser;
}

/**
 * [..., inputs] → [..., outputs]
 * @throws ShapeError for an input of another width
 */
export function linear(inputs: number, outputs: number, options: LinearOptions = {}): Layer<LinearParams> {
  checkOptionNames(options, ["bias", "weight"], "linear");
  checkCount(inputs, "inputs", 1, 2 ** 24);
  checkCount(outputs, "outputs", 1, 2 ** 24);
  const initial = options.weight ?? glorotUniform;
  return {
    init: (stream, how) => ({
      weight: initial(stream.split(0), [inputs, outputs], how),
      ...(options.bias !== false && { bias: zeros(stream.split(1), [outputs], how) }),
    }),
    apply({ weight, bias }, x) {
      checkWidth("linear", x, inputs);
      const product = matmul(x, weight);
      return bias ? add(product, bias) : product;
    },
  };
}

/** @throws ShapeError naming the layer */
export function checkWidth(layer: string, x: Tensor, width: number): void {
  if (x.shape.at(-1) !== width)
    throw new ShapeError(`${layer} takes [..., ${width}]; it got ${shapeText(x.shape)}.`);
}
