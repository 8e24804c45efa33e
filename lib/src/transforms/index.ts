/** Function transforms, in JAX's vocabulary. */
export { grad, type GradOptions, valueAndGrad } from "./grad.js";
export { hessian, hvp, jacobian, type JacobianOf, type JacobianOptions } from "./jacobian.js";
export { jvp } from "./jvp.js";
export { linearize } from "./linearize.js";
export { preaccumulate } from "./preaccumulate.js";
export { stopGradient } from "./stop-gradient.js";
export type { Plain, PlainArgs } from "./types.js";
export { vjp } from "./vjp.js";
export { vmap, type VmapOptions } from "./vmap.js";
export { ClosureError } from "./call.js";
export { checkpoint, customJvp, customVjp, NoTangentError, type VjpRule } from "./custom.js";
export { implicit, type ImplicitOptions, NotConvergedError } from "./implicit.js";
export { revolve, revolveCapacity, revolveCost, type RevolveCount, type RevolveOptions } from "./revolve.js";
