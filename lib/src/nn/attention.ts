/** Multi-head attention: queries, keys and values from the input, and a projection of what the heads found. */
import { OptionError, ShapeError } from "../errors.js";
import { checkCount, checkOptionNames } from "../options.js";
import { mul, where } from "../tensor/functions/elementwise.js";
import { attention, matmul } from "../tensor/functions/products.js";
import { softmax } from "../tensor/functions/rows.js";
import { matrixTranspose, reshape, transpose } from "../tensor/functions/shapes.js";
import { tensor } from "../tensor/create.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Layer } from "./layer.js";
import { checkWidth, linear, type LinearParams } from "./linear.js";

export interface AttentionParams {
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly output: LinearParams;
}

export interface MultiHeadOptions {
  readonly heads: number;
  /** A place attends to itself and to what is before it (false). */
  readonly causal?: boolean;
}

export interface MultiHeadAttention extends Layer<AttentionParams> {
  /** The output, and the weights [batch, heads, queries, keys]. @param mask broadcasts to the weights; 0 is not attended to */
  withWeights(
    params: AttentionParams,
    x: Tensor,
    mask?: Tensor,
  ): { readonly output: Tensor; readonly weights: Tensor };
}

/**
 * [batch, sequence, width] → the same shape.
 * @throws OptionError when the width is no multiple of the number of heads
 */
export function multiHeadAttention(width: number, options: MultiHeadOptions): MultiHeadAttention {
  checkOptionNames(options, ["heads", "causal"], "multiHeadAttention");
  const heads = checkCount(options.heads, "heads", 1, width);
  if (width % heads !== 0) throw new OptionError(`A width of ${width} does not divide among ${heads} heads.`);
  const depth = width / heads;
  const [query, key, value, output] = Array.from({ length: 4 }, () => linear(width, width));

  /** [batch, sequence, width] → [batch, heads, sequence, depth] */
  const apart = (x: Tensor): Tensor =>
    transpose(reshape(x, [x.shape[0]!, x.shape[1]!, heads, depth]), [0, 2, 1, 3]);
  const together = (x: Tensor): Tensor => {
    const [batch, , sequence] = x.shape as [number, number, number];
    return reshape(transpose(x, [0, 2, 1, 3]), [batch, sequence, width]);
  };

  function parts(params: AttentionParams, x: Tensor): readonly [Tensor, Tensor, Tensor] {
    checkWidth("multiHeadAttention", x, width);
    if (x.rank !== 3)
      throw new ShapeError(
        `multiHeadAttention takes [batch, sequence, ${width}]; it got ${shapeText(x.shape)}.`,
      );
    return [
      apart(query!.apply(params.query, x)),
      apart(key!.apply(params.key, x)),
      apart(value!.apply(params.value, x)),
    ];
  }

  function withWeights(params: AttentionParams, x: Tensor, mask?: Tensor) {
    const [q, k, v] = parts(params, x);
    let scores = mul(matmul(q, matrixTranspose(k)), 1 / Math.sqrt(depth));
    if (options.causal) scores = withoutFuture(scores);
    if (mask) scores = where(mask, scores, -Infinity);
    const weights = softmax(scores);
    return { output: output!.apply(params.output, together(matmul(weights, v))), weights };
  }

  return {
    init: (stream, how) => ({
      query: query!.init(stream.split(0), how),
      key: key!.init(stream.split(1), how),
      value: value!.init(stream.split(2), how),
      output: output!.init(stream.split(3), how),
    }),
    apply(params, x) {
      if (options.causal) return withWeights(params, x).output;
      const [q, k, v] = parts(params, x);
      return output!.apply(params.output, together(attention(q, k, v)));
    },
    withWeights,
  };
}

/** Scores [..., n, n] with −∞ above the diagonal. */
export const withoutFuture = (scores: Tensor): Tensor => where(causalMask(scores), scores, -Infinity);

/** [n, n] 1 on and below the diagonal, like some scores. */
function causalMask(scores: Tensor): Tensor {
  const n = scores.shape.at(-1)!;
  const numbers = Array.from({ length: n * n }, (_, i) => (i % n <= Math.floor(i / n) ? 1 : 0));
  return tensor(numbers, [n, n], { dtype: scores.dtype, engine: scores.engine });
}
