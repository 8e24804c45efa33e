/** Losses, as tensors without axes: means over the examples. */
import { ShapeError } from "../errors.js";
import { checkOptionNames } from "../options.js";
import { add, eq, mul, neg, softplus, square, sub } from "../tensor/functions/elementwise.js";
import { oneHot } from "../tensor/functions/indexing.js";
import { argmax, mean, sum } from "../tensor/functions/reductions.js";
import { logSoftmax } from "../tensor/functions/rows.js";
import { astype } from "../tensor/functions/shapes.js";
import { sameShape, shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

export interface CrossEntropyOptions {
  /** This share of the probability goes to all classes alike (0). */
  readonly smoothing?: number;
}

/**
 * −Σ p log softmax(logits), the mean over all but the last axis; by log-softmax, so that nothing overflows.
 * @param logits [..., classes]
 * @param labels int32 [...], or probabilities [..., classes]
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptionNames(options, ["smoothing"], "crossEntropy");
  const classes = logits.shape.at(-1) ?? 0;
  const expected = labels.dtype === "int32" ? logits.shape.slice(0, -1) : logits.shape;
  if (logits.rank === 0 || !sameShape(labels.shape, expected))
    throw new ShapeError(
      `crossEntropy of logits ${shapeText(logits.shape)} needs ${labels.dtype === "int32" ? "labels" : "probabilities"} ` +
        `${shapeText(expected)}; it got ${shapeText(labels.shape)}.`,
    );
  const given = labels.dtype === "int32" ? oneHot(labels, classes, logits.dtype) : labels;
  const { smoothing = 0 } = options;
  const target = smoothing === 0 ? given : add(mul(given, 1 - smoothing), smoothing / classes);
  return neg(mean(sum(mul(target, logSoftmax(logits)), -1)));
}

/** The mean of the squared differences. */
export const meanSquaredError = (y: Tensor, target: Tensor): Tensor => mean(square(sub(y, target)));

/** −p log σ(x) − (1 − p) log(1 − σ(x)), the mean; as softplus(x) − p x, which does not overflow. */
export const binaryCrossEntropy = (logits: Tensor, target: Tensor): Tensor =>
  mean(sub(softplus(logits), mul(target, logits)));

/** The share of rows whose largest logit is that of the label: a tensor without axes, without derivative. */
export const accuracy = (logits: Tensor, labels: Tensor): Tensor =>
  mean(astype(eq(argmax(logits), labels), "float32"));
