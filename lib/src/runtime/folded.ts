/** Functions of any number of values, by one of two. */
import type { Scalar } from "../ad/recorded.js";
import * as record from "../rules/generated/record.js";

type Step = (a: Scalar, b: Scalar, site: number) => Scalar;
type Native = (...values: number[]) => number;

const folded =
  (step: Step, native: Native) =>
  (values: readonly Scalar[], site: number): Scalar => {
    if (values.every((value) => typeof value === "number")) return native(...values);
    return values.length === 1
      ? step(values[0]!, values[0]!, site)
      : values.reduce((a, b) => step(a, b, site));
  };

export const maxOf = folded(record.max, Math.max);
export const minOf = folded(record.min, Math.min);
/** Of one value, its distance from zero. */
export const hypotOf = ((many) => (values: readonly Scalar[], site: number) =>
  values.length === 1 ? record.abs(values[0]!, site) : many(values, site))(folded(record.hypot, Math.hypot));
