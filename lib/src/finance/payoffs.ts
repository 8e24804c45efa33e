/** The usual payoffs, as one would write them. A width smooths what has a kink or a jump (see `ramp`); without one it is plain. */
import { add, div, max, mul, sub } from "../rules/generated/record.js";
import { primalOf, type Scalar } from "../ad/recorded.js";
import { indicator, ramp } from "./smooth.js";

/** max(x, 0) */
const positive = (x: Scalar, width: number | undefined): number =>
  (width === undefined ? max(x, 0) : ramp(x as number, width)) as number;

/** (S_T − K)⁺ */
export const call =
  (strike: number, width?: number) =>
  (path: readonly number[]): number =>
    positive(sub(path.at(-1)!, strike), width);

/** (K − S_T)⁺ */
export const put =
  (strike: number, width?: number) =>
  (path: readonly number[]): number =>
    positive(sub(strike, path.at(-1)!), width);

/** 1 where S_T > K: a jump, of which a pathwise derivative knows nothing. */
export const digital =
  (strike: number, width?: number) =>
  (path: readonly number[]): number => {
    const x = sub(path.at(-1)!, strike);
    return width === undefined ? (primalOf(x) > 0 ? 1 : 0) : indicator(x as number, width);
  };

/** (mean of S at all dates but the first − K)⁺ */
export const asianCall =
  (strike: number, width?: number) =>
  (path: readonly number[]): number => {
    let sum: Scalar = 0;
    for (let k = 1; k < path.length; k++) sum = add(sum, path[k]!);
    return positive(sub(div(sum, path.length - 1), strike), width);
  };

/** (Σ wᵢ Sᵢ − K)⁺ of several assets' last values, for models whose paths end with them. */
export const basketCall =
  (weights: readonly number[], strike: number, width?: number) =>
  (path: readonly number[]): number => {
    const last = path.slice(-weights.length);
    const sum = last.reduce((total: Scalar, s, i): Scalar => add(total, mul(weights[i]!, s)), 0);
    return positive(sub(sum, strike), width);
  };
