/** Seeded random numbers: the same seed gives the same numbers on every machine. */
export { mulberry32, type Uniform } from "./mulberry32.js";
export { normal, normalMatrix } from "./normal.js";
export { philox, type Philox } from "./philox.js";
