/**
 * How far a single-precision result may be from the reference engine's, by kernel and by elementwise function: relative to
 * 1 + |result|, for arguments of moderate size. What is not named is exact to rounding.
 */

/** Half a unit in the last place of 1, twice over. */
const ROUNDING = 1.2e-7;

export const float32Tolerances: Readonly<Record<string, number>> = {
  exp: 3e-7,
  expm1: 3e-7,
  log: 3e-7,
  log1p: 3e-7,
  log2: 3e-7,
  log10: 3e-7,
  sin: 3e-7,
  cos: 3e-7,
  tan: 1e-6,
  tanh: 3e-7,
  sinh: 5e-7,
  cosh: 5e-7,
  sigmoid: 3e-7,
  softplus: 4e-7,
  erf: 5e-7,
  erfc: 5e-7,
  normalCdf: 5e-7,
  gelu: 1e-6,
  silu: 5e-7,
  rsqrt: 2.4e-7,
  /** For sums of hundreds of numbers of size 1. */
  reduce: 3e-6,
  matmul: 5e-6,
  attention: 3e-6,
  softmax: 1e-6,
  softmaxVjp: 2e-6,
  layerNorm: 1e-5,
  layerNormVjp: 3e-5,
  scatterAdd: 2e-6,
  place: 1e-6,
};

export const float32Tolerance = (name: string): number => float32Tolerances[name] ?? ROUNDING;
/** In double precision every engine agrees with the reference to this. */
export const FLOAT64_TOLERANCE = 1e-9;
