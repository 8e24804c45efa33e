/** Every function on tensors, by the name by which it is called. */
import * as convolution from "./convolution.js";
import * as elementwise from "./elementwise.js";
import * as indexing from "./indexing.js";
import * as linalg from "./linalg.js";
import * as products from "./products.js";
import * as reductions from "./reductions.js";
import * as rows from "./rows.js";
import * as shapes from "./shapes.js";

export const functions = {
  ...elementwise,
  ...shapes,
  ...reductions,
  ...products,
  ...rows,
  ...indexing,
  ...linalg,
  ...convolution,
};
