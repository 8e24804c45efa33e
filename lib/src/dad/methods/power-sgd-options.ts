/** What PowerSGD can be told, and what it compresses then. */
import { checkChoice, checkCount, checkFinite, checkOptionNames } from "../../options.js";
import { OptionError } from "../../errors.js";
import type { OuterUnit } from "../plan.js";
import type { Traffic, Values } from "./method.js";

export interface PowerSgdOptions {
  /** Of the approximation (4). */
  readonly rank?: number;
  /** Send what the approximation lost with the next step (true). */
  readonly errorFeedback?: boolean;
  /** Start from the last step's right factor (true). */
  readonly warmStart?: boolean;
  /** Steps of plain dSGD first (0). */
  readonly startStep?: number;
  /** Compress a layer where (rows + cols)·rank·this < rows·cols; 0 always does (2). */
  readonly minCompressionRate?: number;
  /** Whether a bias is the last row of its weight's gradient ("ones"), or is sent as it is, as published ("raw"). */
  readonly bias?: "ones" | "raw";
  /** Of the first right factors (0). */
  readonly seed?: number;
}

export type CheckedPowerSgd = Required<PowerSgdOptions>;

/** @throws UnknownOptionError, OptionError */
export function checkPowerSgd(given: PowerSgdOptions): CheckedPowerSgd {
  checkOptionNames(given, ["rank", "errorFeedback", "warmStart", "startStep", "minCompressionRate", "bias", "seed"], "PowerSGD"); // prettier-ignore
  const { errorFeedback = true, warmStart = true } = given;
  for (const [name, value] of Object.entries({ errorFeedback, warmStart }))
    if (typeof value !== "boolean")
      throw new OptionError(`${name} should be true or false; got ${String(value)}.`);
  const minCompressionRate = checkFinite(given.minCompressionRate ?? 2, "minCompressionRate");
  if (minCompressionRate < 0) throw new OptionError(`minCompressionRate should be 0 or more; got ${minCompressionRate}.`); // prettier-ignore
  return {
    rank: checkCount(given.rank ?? 4, "rank", 1, 65_536),
    errorFeedback,
    warmStart,
    startStep: checkCount(given.startStep ?? 0, "startStep", 0, Number.MAX_SAFE_INTEGER),
    minCompressionRate,
    bias: checkChoice(given.bias ?? "ones", "bias", ["ones", "raw"]),
    seed: checkCount(given.seed ?? 0, "seed", 0, Number.MAX_SAFE_INTEGER),
  };
}

export const rowsOf = (unit: OuterUnit, { bias }: CheckedPowerSgd): number =>
  unit.inputs + (bias === "ones" && unit.bias !== null ? 1 : 0);

export const rankOf = (unit: OuterUnit, options: CheckedPowerSgd): number =>
  Math.min(options.rank, rowsOf(unit, options), unit.outputs);

/** Whether a layer is compressed in this step; the others go as in dSGD. */
export function isCompressed(unit: OuterUnit, step: number, options: CheckedPowerSgd): boolean {
  const [m, n] = [rowsOf(unit, options), unit.outputs];
  if (step < options.startStep) return false;
  return (
    options.minCompressionRate === 0 || (m + n) * rankOf(unit, options) * options.minCompressionRate < m * n
  );
}

/** Two rounds: r (h + h') up in all, and as much down. */
export function powerSgdValues({ unit, step }: Traffic, options: CheckedPowerSgd): Values {
  const bias = unit.bias === null ? 0 : unit.outputs;
  if (!isCompressed(unit, step, options)) {
    const size = unit.inputs * unit.outputs + bias;
    return { up: size, down: size };
  }
  const size =
    rankOf(unit, options) * (rowsOf(unit, options) + unit.outputs) + (options.bias === "raw" ? bias : 0);
  return { up: size, down: size };
}
