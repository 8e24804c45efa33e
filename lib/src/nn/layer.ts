/** What a layer is: parameters from a stream of random numbers, and a pure function of parameters and input. */
import type { Dtype, Engine } from "../engine/engine.js";
import type { Philox } from "../random/philox.js";
import type { Tensor } from "../tensor/tensor.js";

export interface InitOptions {
  /** "float32" when not given. */
  readonly dtype?: Dtype;
  readonly engine?: Engine;
}

/** A tree of tensors is all that a layer has; whoever differentiates sees every parameter by its path. */
export interface Layer<P, X = Tensor, Y = Tensor> {
  /** New parameters; the same stream gives the same ones. */
  init(stream: Philox, options?: InitOptions): P;
  apply(params: P, x: X): Y;
}

/** Layers one after the other; each is initialised from a stream of its own, so that one more changes no other. */
export function sequential(...layers: readonly Layer<never>[]): Layer<unknown[]> {
  return {
    init: (stream, options) => layers.map((layer, i) => layer.init(stream.split(i), options)),
    apply: (params, x) => layers.reduce((y, layer, i) => layer.apply(params[i] as never, y), x),
  };
}

/** A function without parameters as a layer. */
export const lambda = (f: (x: Tensor) => Tensor): Layer<null[]> => ({
  init: () => [],
  apply: (_params, x) => f(x),
});
