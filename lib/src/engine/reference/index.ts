/** The reference engine: plain TypeScript in Float64, always right, never clever. */
export { columns, concatColumns } from "./columns.js";
export { add, mix, scale } from "./elementwise.js";
export { matmul, matmulTransposed } from "./matmul.js";
export { softmaxRows } from "./softmax.js";
export { symmetricEigen, type SymmetricEigen } from "./symmetric-eigen.js";
export { referenceEngine, type ReferenceEngine } from "./engine.js";
