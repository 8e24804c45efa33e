/** A one-layer SELF-Transformer: embedding, fixed-point attention, a network, and a classifier of the whole or of every token. */
import { ShapeError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { add } from "../tensor/functions/elementwise.js";
import { mean } from "../tensor/functions/reductions.js";
import { reshape } from "../tensor/functions/shapes.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { embedding, type EmbeddingParams } from "./embedding.js";
import type { Lookable } from "./attention-look.js";
import { fixedPointAttention, type FixedPointAttentionOptions, type FixedPointAttentionParams } from "./fixed-point-attention.js"; // prettier-ignore
import { glorotUniform, normal } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { layerNorm, type LayerNormParams } from "./layer-norm.js";
import { linear, type LinearParams } from "./linear.js";
import { mlp, type MlpParams } from "./mlp.js";

export interface SelfTransformerParams {
  readonly embed: LinearParams | EmbeddingParams;
  /** [length, width] */
  readonly positions: Tensor;
  readonly attention: FixedPointAttentionParams;
  readonly network: MlpParams;
  /** Before attention, before the network, before the classifier. */
  readonly norms: readonly [LayerNormParams, LayerNormParams, LayerNormParams];
  readonly classifier: LinearParams;
}

export interface SelfTransformer extends Layer<SelfTransformerParams>, Lookable<SelfTransformerParams> {
  /** Tokens of an input. */
  readonly length: number;
}

export interface SelfTransformerOptions {
  /** What a token is: so many numbers, as of a patch of an image, or one of so many words. */
  readonly input: { readonly features: number } | { readonly words: number };
  /** Tokens of an input. */
  readonly length: number;
  readonly width: number;
  readonly classes: number;
  /** Width of the hidden layer of the network after attention (4 · width). */
  readonly hidden?: number;
  /** "mean" (the default): one answer for all tokens; "none": one for each token. */
  readonly pool?: "mean" | "none";
  /**
   * Heads, gradient, tolerance: all that `fixedPointAttention` takes. Here `preNorm` is true, `temperature` 4 and `damping` 0.7 when
   * not given: without, the solve of new weights of the usual size may not end.
   */
  readonly attention: FixedPointAttentionOptions;
}

const OPTIONS = ["input", "length", "width", "classes", "hidden", "pool", "attention"];

/** What keeps ρ(J) of new weights, and of training with a small rate, below 1 on digits and on parity. */
const CALM = { preNorm: true, temperature: 4, damping: 0.7 } as const;

function embedder(
  input: SelfTransformerOptions["input"],
  width: number,
): Layer<LinearParams | EmbeddingParams> {
  checkOptionNames(input, ["features", "words"], "input");
  if ("words" in input) return embedding(input.words, width) as Layer<LinearParams | EmbeddingParams>;
  return linear(input.features, width) as Layer<LinearParams | EmbeddingParams>;
}

/**
 * [batch, length, features], or int32 [batch, length] of words → logits [batch, classes]; with `pool: "none"`
 * [batch, length, classes].
 *
 * e = embed(x) + positions; y = e + (z* − x̂) with x̂ = norm(e) and z* the fixed point of attention over x̂; y ← y + FFN(norm(y));
 * then the mean of norm(y) over the tokens, and a linear classifier. One layer alone: what iterating buys over a single pass is a
 * question of the data, and the authors' later runs found it neutral to harmful in places.
 *
 * Training raises ρ(J), and a large learning rate soon beyond 1, where solves fail: `onSolve` tells how each ended. With rates of 0.005
 * to 0.01 every solve of the tests' short trainings, on digits and on prefix parity, converged.
 *
 * @throws ShapeError for another length; NotConvergedError as `fixedPointAttention`
 * @see Mathur, Doan, Pearlmutter & Plis (2025), arXiv 2507.13569: SELF stands for self-enhancing latent feedback
 * @example
 * const model = selfTransformer({ input: { features: 4 }, length: 16, width: 8, classes: 10, attention: { heads: 2 } });
 * const logits = model.apply(model.init(philox(1)), randomNormal(philox(2), [3, 16, 4]));
 * if (logits.shape.join() !== "3,10") throw new Error(logits.shape.join());
 */
export function selfTransformer(options: SelfTransformerOptions): SelfTransformer {
  checkOptionNames(options, OPTIONS, "selfTransformer");
  const width = checkCount(options.width, "width", 1, 2 ** 24);
  const length = checkCount(options.length, "length", 1, 2 ** 24);
  const pool = checkChoice(options.pool ?? "mean", "pool", ["mean", "none"]);
  const embed = embedder(options.input, width);
  const attention = fixedPointAttention(width, { ...CALM, ...options.attention });
  const network = mlp([width, options.hidden ?? 4 * width, width], { activation: "gelu", weight: glorotUniform }); // prettier-ignore
  const classifier = linear(width, checkCount(options.classes, "classes", 1, 2 ** 24));
  const norm = layerNorm(width);
  const embedded = (params: SelfTransformerParams, x: Tensor): Tensor => {
    if (x.shape[1] !== length)
      throw new ShapeError(`selfTransformer takes inputs of ${length} tokens; it got ${shapeText(x.shape)}.`);
    return add(embed.apply(params.embed, x), params.positions);
  };
  return {
    length,
    init: (stream, how) => ({
      embed: embed.init(stream.split(0), how),
      positions: normal(0.1)(stream.split(1), [length, width], how),
      attention: attention.init(stream.split(2), how),
      network: network.init(stream.split(3), how),
      norms: [
        norm.init(stream.split(4), how),
        norm.init(stream.split(5), how),
        norm.init(stream.split(6), how),
      ],
      classifier: classifier.init(stream.split(7), how),
    }),
    look(params, x) {
      // One input may come without its batch: words have one axis, numbers two.
      const one = x.rank === ("words" in options.input ? 1 : 2) ? reshape(x, [1, ...x.shape]) : x;
      return attention.look(params.attention, norm.apply(params.norms[0], embedded(params, one)));
    },
    apply(params, x) {
      const [first, second, third] = params.norms;
      const e = embedded(params, x);
      const y = add(e, attention.update(params.attention, norm.apply(first, e)));
      const z = norm.apply(third, add(y, network.apply(params.network, norm.apply(second, y))));
      return classifier.apply(params.classifier, pool === "mean" ? mean(z, 1) : z);
    },
  };
}
