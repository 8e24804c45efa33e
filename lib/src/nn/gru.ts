/** The gated recurrent unit, step by step over a sequence. */
import { ShapeError } from "../errors.js";
import { add, mul, sigmoid, sub, tanh } from "../tensor/functions/elementwise.js";
import { matmul } from "../tensor/functions/products.js";
import { slice, stack } from "../tensor/functions/shapes.js";
import { full } from "../tensor/create.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { glorotUniform, orthogonal, zeros } from "./initialisers.js";
import type { InitOptions, Layer } from "./layer.js";
import type { Philox } from "../random/philox.js";

/** The gates reset, update and new stand side by side in each matrix. */
export interface GruParams {
  /** [inputs, 3 · width] */
  readonly input: Tensor;
  /** [width, 3 · width] */
  readonly hidden: Tensor;
  /** [3 · width] of the input, and of the hidden state: the new gate needs them apart. */
  readonly inputBias: Tensor;
  readonly hiddenBias: Tensor;
}

export interface Gru extends Layer<GruParams> {
  /** One step. @param x [batch, inputs] @param h [batch, width] @returns the next h */
  step(params: GruParams, x: Tensor, h: Tensor): Tensor;
}

/**
 * [batch, time, inputs] → [batch, time, width]: the hidden state after every step, from zeros.
 *
 * r = σ(x Wr + h Ur), z = σ(x Wz + h Uz), n = tanh(x Wn + r ⊙ (h Un)), h ← (1 − z) ⊙ n + z ⊙ h, each with its biases.
 * @see Cho et al. (2014), in the form of cuDNN
 */
export function gru(inputs: number, width: number): Gru {
  const gate = (x: Tensor, i: number): Tensor => slice(x, null, [i * width, (i + 1) * width]);
  function step(params: GruParams, x: Tensor, h: Tensor): Tensor {
    const ofInput = add(matmul(x, params.input), params.inputBias);
    const ofHidden = add(matmul(h, params.hidden), params.hiddenBias);
    const reset = sigmoid(add(gate(ofInput, 0), gate(ofHidden, 0)));
    const update = sigmoid(add(gate(ofInput, 1), gate(ofHidden, 1)));
    const fresh = tanh(add(gate(ofInput, 2), mul(reset, gate(ofHidden, 2))));
    return add(fresh, mul(update, sub(h, fresh)));
  }
  return {
    init: (stream: Philox, how?: InitOptions) => ({
      input: glorotUniform(stream.split(0), [inputs, 3 * width], how),
      hidden: orthogonal(stream.split(1), [width, 3 * width], how),
      inputBias: zeros(stream, [3 * width], how),
      hiddenBias: zeros(stream, [3 * width], how),
    }),
    step,
    apply(params, x) {
      if (x.rank !== 3 || x.shape[2] !== inputs)
        throw new ShapeError(`gru takes [batch, time, ${inputs}]; it got ${shapeText(x.shape)}.`);
      let h: Tensor = full([x.shape[0]!, width], 0, { dtype: x.dtype, engine: x.engine });
      const states: Tensor[] = [];
      for (let time = 0; time < x.shape[1]!; time++) states.push((h = step(params, slice(x, null, time), h)));
      return stack(states, 1);
    },
  };
}
