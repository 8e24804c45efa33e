/** The transformer's encoder: attention and a two-layer network, each with a residual connection and a layer norm. */
import { checkCount, checkOptionNames } from "../options.js";
import { add } from "../tensor/functions/elementwise.js";
import type { Activation } from "./activations.js";
import { type AttentionParams, multiHeadAttention } from "./attention.js";
import { glorotUniform } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { layerNorm, type LayerNormParams } from "./layer-norm.js";
import { mlp, type MlpParams } from "./mlp.js";

export interface EncoderBlockParams {
  readonly attention: AttentionParams;
  readonly network: MlpParams;
  readonly norms: readonly [LayerNormParams, LayerNormParams];
}

export interface EncoderOptions {
  readonly heads: number;
  /** Width of the hidden layer of the network (4 · width). */
  readonly hidden?: number;
  readonly activation?: Activation;
  /** The norm before attention and network ("pre"), or after the sum ("post", as in the paper). */
  readonly norm?: "pre" | "post";
  readonly causal?: boolean;
}

const OPTIONS = ["heads", "hidden", "activation", "norm", "causal"];

/** [batch, sequence, width] → the same shape. @see Vaswani et al. (2017); Xiong et al. (2020) for "pre" */
export function encoderBlock(width: number, options: EncoderOptions): Layer<EncoderBlockParams> {
  checkOptionNames(options, OPTIONS, "encoderBlock");
  const { heads, hidden = 4 * width, activation = "gelu", norm = "pre", causal = false } = options;
  const attention = multiHeadAttention(width, { heads, causal });
  const network = mlp([width, hidden, width], { activation, weight: glorotUniform });
  const [first, second] = [layerNorm(width), layerNorm(width)];
  return {
    init: (stream, how) => ({
      attention: attention.init(stream.split(0), how),
      network: network.init(stream.split(1), how),
      norms: [first.init(stream.split(2), how), second.init(stream.split(3), how)],
    }),
    apply(params, x) {
      const [a, b] = params.norms;
      if (norm === "pre") {
        const y = add(x, attention.apply(params.attention, first.apply(a, x)));
        return add(y, network.apply(params.network, second.apply(b, y)));
      }
      const y = first.apply(a, add(x, attention.apply(params.attention, x)));
      return second.apply(b, add(y, network.apply(params.network, y)));
    },
  };
}

/** Blocks one after the other. */
export function encoder(
  depth: number,
  width: number,
  options: EncoderOptions,
): Layer<{ readonly blocks: readonly EncoderBlockParams[] }> {
  checkCount(depth, "depth", 1, 1000);
  const blocks = Array.from({ length: depth }, () => encoderBlock(width, options));
  return {
    init: (stream, how) => ({ blocks: blocks.map((block, i) => block.init(stream.split(i), how)) }),
    apply: (params, x) => blocks.reduce((y, block, i) => block.apply(params.blocks[i]!, y), x),
  };
}
