/** Fixed points: solve z = f(z), with the residuals to show how it went. */
export { type SolveOptions, solveDefaults, type SolveStep } from "./options.js";
export type { ResidualTrace } from "./record.js";
export type { Residual } from "./residual.js";
export { type Solution, solve } from "./solve.js";
export { type SolverName } from "./solvers.js";
