/** The table: every operation on tensors, one row each. */
import type { TensorOp } from "./op.js";
import { elementwiseRows } from "./rules/elementwise.js";
import { indexingRows } from "./rules/indexing.js";
import { linalgRows } from "./rules/linalg.js";
import { productRows } from "./rules/products.js";
import { reductionRows } from "./rules/reductions.js";
import { rowRows } from "./rules/rows.js";
import { shapeRows } from "./rules/shapes.js";

export const tensorRules: readonly TensorOp<never>[] = [
  ...elementwiseRows,
  ...shapeRows,
  ...reductionRows,
  ...productRows,
  ...rowRows,
  ...indexingRows,
  ...linalgRows,
] as never;
