/**
 * Kinks and jumps with derivatives that say something: max(x, 0) whose second derivative is a narrow bell in place of the Dirac that
 * plain differentiation takes for 0.
 * @see Pagès, Pironneau and Sall (2016), section 3
 */
import { div, exp, mul, neg } from "../rules/generated/record.js";
import { checkPositive } from "../options.js";
import { primalOf, type Scalar } from "../ad/recorded.js";
import { customJvp } from "../transforms/custom.js";

/** δ_a(x) = e^(−x²/a) / √(aπ) */
const bell = (x: Scalar, width: number): Scalar =>
  div(exp(neg(div(mul(x, x), width))), Math.sqrt(width * Math.PI));

/**
 * 1 where x > 0, else 0; with the derivative δ_a(x) = e^(−x²/a) / √(aπ).
 * @param width a, in the square of x's units: a few times the square of what a path moves x by
 */
export function indicator(x: number, width: number): number {
  checkPositive(width, "width");
  const step = (x: number) => (primalOf(x as Scalar) > 0 ? 1 : 0);
  return customJvp(step, ([x], [dx]) => [step(x), mul(bell(x, width), dx) as number])(x);
}

/**
 * max(x, 0), with the derivative `indicator(x, width)`, whose derivative is δ_a. Write `ramp(x − K)`, and not (x − K)·indicator:
 * the product rule would count the Dirac twice.
 * @example
 * const call = (s: number) => { "use ad"; return ramp(s - 100, 1); };
 * if (call(130) !== 30 || grad(call)(130) !== 1) throw new Error("that is no call");
 * if (!(grad((s: number) => grad(call)(s))(100) > 0.5)) throw new Error("its second derivative at the strike is the bell's");
 */
export function ramp(x: number, width: number): number {
  checkPositive(width, "width");
  const value = (x: number) => (primalOf(x as Scalar) > 0 ? x : 0);
  return customJvp(value, ([x], [dx]) => [value(x), mul(indicator(x, width), dx) as number])(x);
}
