/** Tensors: what `import … from "cotangent"` has of them. The operations are in `ops`, and methods. */
export {
  eye,
  full,
  type Nested,
  ones,
  randomNormal,
  randomUniform,
  range,
  tensor,
  type TensorOptions,
  zeros,
} from "./create.js";
export type { FactorHook, OuterProduct } from "./factors.js";
export { tensorRules } from "./table.js";
export { Tensor } from "./tensor.js";
export { tidy } from "./tidy.js";
export type { Applied, TensorOp } from "./op.js";
export type { PlainTensor } from "./tensor.js";
export type { Shape } from "./shape.js";
export type { TensorLike } from "./functions/elementwise.js";
export type { ConvOptions } from "./functions/convolution.js";
export type { AttentionOptions } from "./functions/products.js";
export type { Axes, ReduceOptions } from "./functions/reductions.js";
export type { LayerNormOptions } from "./functions/rows.js";
export type { Range } from "./functions/shapes.js";
