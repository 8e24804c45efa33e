/** Softmax and layer norm over the last axis. */
import { checkOptionNames, checkPositive } from "../../options.js";
import { call } from "../registry.js";
import { axisOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sub } from "./elementwise.js";
import { logSumExp } from "./reductions.js";
import { transpose } from "./shapes.js";

/** e^x / Σ e^x over an axis, the last when not given. −∞ beside others has weight 0; a row with a NaN is NaN. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const at = axisOf("softmax", axis, x.rank);
  if (at === x.rank - 1) return call("softmax", [x], undefined);
  const order = [...x.shape.keys()];
  [order[at], order[x.rank - 1]] = [x.rank - 1, at];
  return transpose(call("softmax", [transpose(x, order)], undefined), order);
}

/** x − log Σ e^x, without overflow. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => sub(x, logSumExp(x, axis, { keepDims: true }));

/** y ⊙ (ȳ − Σ y ⊙ ȳ): what the adjoint of softmax does, given what softmax gave. */
export const softmaxVjp = (y: Tensor, yBar: Tensor): Tensor => call("softmaxVjp", [y, yBar], undefined);

export interface LayerNormOptions {
  /** Added to the variance (1e-5). */
  readonly epsilon?: number;
}

/** (x − mean) / √(variance + ε) over the last axis. */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  checkOptionNames(options, ["epsilon"], "layerNorm");
  return call("layerNorm", [x], checkPositive(options.epsilon ?? 1e-5, "epsilon"));
}

/** The adjoint of layerNorm at x. */
export const layerNormVjp = (x: Tensor, yBar: Tensor, epsilon: number): Tensor =>
  call("layerNormVjp", [x, yBar], epsilon);
