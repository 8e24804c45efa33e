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
