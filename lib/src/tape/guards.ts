/** Comparisons: what they mean, and so whether one that was recorded still has its outcome. */

export const comparisons = {
  lt: (a: number, b: number): boolean => a < b,
  le: (a: number, b: number): boolean => a <= b,
  gt: (a: number, b: number): boolean => a > b,
  ge: (a: number, b: number): boolean => a >= b,
  eq: (a: number, b: number): boolean => a === b,
  ne: (a: number, b: number): boolean => a !== b,
  truthy: (a: number, _b: number): boolean => Boolean(a),
  isNaN: (a: number, _b: number): boolean => Number.isNaN(a),
  isFinite: (a: number, _b: number): boolean => Number.isFinite(a),
  isInteger: (a: number, _b: number): boolean => Number.isInteger(a),
};

export type Comparison = keyof typeof comparisons;
