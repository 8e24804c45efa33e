/** A row of the table, applied by its name. */
import { type Tensor, tensorRules } from "../../../lib/src/index.js";

import { apply, type TensorOp } from "../../../lib/src/tensor/op.js";

export const rule = (name: string, x: readonly Tensor[], p?: unknown): readonly Tensor[] =>
  apply(tensorRules.find((op) => op.name === name) as unknown as TensorOp<unknown>, x, p);
