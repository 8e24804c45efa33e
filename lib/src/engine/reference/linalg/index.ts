/** Dense linear algebra in Float64, on row-major arrays of stated size. */
export { cholesky } from "./cholesky.js";
export { qr, type QR } from "./qr.js";
export { lu, solve, type LU } from "./solve.js";
export { svd, type SVD } from "./svd.js";
export { triangularSolve } from "./triangular-solve.js";
