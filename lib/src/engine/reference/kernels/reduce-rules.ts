/** The reductions, each as a fold over consecutive elements in index order. */
import type { NumberArray, ReduceName } from "../../engine.js";

type Reduction = (from: NumberArray, start: number, end: number) => number;

const fold =
  (first: number, each: (so: number, x: number) => number): Reduction =>
  (from, start, end) => {
    let so = first;
    for (let i = start; i < end; i++) so = each(so, from[i]!);
    return so;
  };

/** The place of the first element that is `better` than all before; of the first NaN where there is one. */
const place =
  (better: (x: number, best: number) => boolean): Reduction =>
  (from, start, end) => {
    let best = start;
    for (let i = start; i < end; i++) {
      const x = from[i]!;
      if (Number.isNaN(x)) return i - start;
      if (better(x, from[best]!)) best = i;
    }
    return best - start;
  };

/**
 * One row for each name. A NaN makes sum, prod, max and min NaN. Of nothing, max is −∞ and min is ∞, their neutral elements;
 * argmax and argmin are 0, which is no place: the caller should not ask.
 */
export const reduceRules: Readonly<Record<ReduceName, Reduction>> = {
  sum: fold(0, (sum, x) => sum + x),
  prod: fold(1, (product, x) => product * x),
  max: fold(-Infinity, (most, x) => Math.max(most, x)),
  min: fold(Infinity, (least, x) => Math.min(least, x)),
  argmax: place((x, best) => x > best),
  argmin: place((x, best) => x < best),
};
