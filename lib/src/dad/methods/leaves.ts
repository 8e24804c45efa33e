/** From arrays of messages to the leaves of a gradient, and back. */
import { isLeafObject } from "../../ad/leaves.js";
import type { Leaf } from "../../ad/recorded.js";
import type { NumberArray } from "../../engine/engine.js";
import { tensor } from "../../tensor/create.js";
import { matrixTranspose, reshape, slice } from "../../tensor/functions/shapes.js";
import { matmul } from "../../tensor/functions/products.js";
import { sum } from "../../tensor/functions/reductions.js";
import type { Tensor } from "../../tensor/tensor.js";
import { sumBlocks } from "../aggregate.js";
import { type Block, blockOf, matrixOf, type Message } from "../message.js";
import type { OuterUnit } from "../plan.js";
import type { SiteContext } from "./method.js";

/** Gradients of the parameters that are no outer products, as they are. */
export const rawBlocks = ({ plan, local }: SiteContext): Block[] =>
  plan.raws.map(({ name, leaf, size }) => ({ unit: name, role: "gradient", shape: [size], values: local.gradients[leaf]! })); // prettier-ignore

export const sumRaws = (messages: readonly Message[], plan: SiteContext["plan"]): Block[] =>
  plan.raws.map(({ name }) => sumBlocks(messages, name, "gradient"));

/** Numbers in the form of a parameter: a tensor on its engine, or a number. */
export function leafLike(leaf: Leaf, values: NumberArray): Leaf {
  if (!isLeafObject(leaf)) return values[0]! as Leaf;
  const like = leaf as unknown as Tensor;
  return tensor(values, like.shape, { dtype: like.dtype, engine: like.engine }) as unknown as Leaf;
}

/** Weight and bias of one unit. */
export interface UnitGradient {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
}

/** All leaves: outer products as `of` makes them, the others from the first message. */
export function gradientLeaves(
  { plan, params }: SiteContext,
  received: readonly Message[],
  of: (unit: OuterUnit) => UnitGradient,
): Leaf[] {
  const leaves = new Array<Leaf>(params.length);
  for (const unit of plan.outers) {
    const { weight, bias } = of(unit);
    leaves[unit.weight] = weight as unknown as Leaf;
    if (unit.bias === null) continue;
    const { shape } = params[unit.bias]! as unknown as Tensor;
    leaves[unit.bias] = reshape(bias!, shape) as unknown as Leaf;
  }
  for (const { name, leaf } of plan.raws)
    leaves[leaf] = leafLike(params[leaf]!, blockOf(received[0]!, name, "gradient").values);
  return leaves;
}

/** A matrix of a message on the engine of a unit's weight. */
export function matrixTensor(
  context: SiteContext,
  unit: OuterUnit,
  message: Message,
  role: Block["role"],
): Tensor {
  const { rows, cols, data } = matrixOf(message, unit.name, role);
  const like = context.params[unit.weight] as unknown as Tensor;
  return tensor(data, [rows, cols], { dtype: like.dtype, engine: like.engine });
}

/** From the two factors, which have no column of ones: the very products that the sweep of a pooled batch makes. */
export function fromFactors({ isTransposed, bias }: OuterUnit, input: Tensor, delta: Tensor): UnitGradient {
  const product = matmul(matrixTranspose(input), delta);
  return {
    weight: isTransposed ? matrixTranspose(product) : product,
    bias: bias === null ? null : sum(delta, 0),
  };
}

/** From the gradient [h (+ 1), h'], whose last row is that of the bias where there is one. */
export function fromExtended({ isTransposed, bias, inputs }: OuterUnit, extended: Tensor): UnitGradient {
  const weight = bias === null ? extended : slice(extended, [0, inputs]);
  return {
    weight: isTransposed ? matrixTranspose(weight) : weight,
    bias: bias === null ? null : slice(extended, inputs),
  };
}
