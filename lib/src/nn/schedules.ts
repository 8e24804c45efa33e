/** Learning rates as functions of the step. */
import { checkCount, checkPositive } from "../options.js";

/** @param step from 0 */
export type Schedule = (step: number) => number;

/** Up in a straight line over the first `steps` steps, then what comes after, whose steps are counted from there. */
export function warmUp(steps: number, after: Schedule): Schedule {
  checkCount(steps, "steps", 0, 1e9);
  return (step) => (step < steps ? (after(0) * (step + 1)) / (steps + 1) : after(step - steps));
}

export const constant = (rate: number): Schedule => {
  checkPositive(rate, "rate");
  return () => rate;
};

/** Down in a straight line to `last` over `steps` steps. */
export function linearDecay(rate: number, steps: number, last = 0): Schedule {
  checkPositive(rate, "rate");
  checkCount(steps, "steps", 1, 1e9);
  return (step) => rate + (last - rate) * Math.min(1, step / steps);
}

/** Down along half a cosine to `last` over `steps` steps: Loshchilov and Hutter (2017). */
export function cosineDecay(rate: number, steps: number, last = 0): Schedule {
  checkPositive(rate, "rate");
  checkCount(steps, "steps", 1, 1e9);
  return (step) => last + ((rate - last) * (1 + Math.cos(Math.PI * Math.min(1, step / steps)))) / 2;
}
