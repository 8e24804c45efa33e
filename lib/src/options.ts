/** Checking options: an unknown one is an error that names the nearest known one, a bad value says what is good. */
import { OptionError, UnknownOptionError } from "./errors.js";
import { nearestWords } from "./spelling.js";

/** @throws UnknownOptionError for the first option that is not known */
export function checkOptionNames(options: object, known: readonly string[], of: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const [nearest] = nearestWords(name, known, 1);
    const meant = nearest ? `Did you mean "${nearest}"?` : `It has ${known.join(", ")}.`;
    throw new UnknownOptionError(`${of} has no option "${name}". ${meant}`);
  }
}

const refuse = (name: string, expected: string, value: unknown) =>
  new OptionError(
    `${name} should be ${expected}; got ${typeof value === "string" ? `"${value}"` : String(value)}.`,
  );

/** A finite number above 0. */
export function checkPositive(value: number, name: string): number {
  if (!(Number.isFinite(value) && value > 0)) throw refuse(name, "a finite number above 0", value);
  return value;
}

export function checkFinite(value: number, name: string): number {
  if (!Number.isFinite(value)) throw refuse(name, "a finite number", value);
  return value;
}

/** A number in (0, 1]. */
export function checkFraction(value: number, name: string): number {
  if (!(typeof value === "number" && value > 0 && value <= 1)) {
    throw refuse(name, "a number above 0 and at most 1", value);
  }
  return value;
}

export function checkFlag(value: boolean, name: string): boolean {
  if (typeof value !== "boolean") throw refuse(name, "true or false", value);
  return value;
}

/** A whole number from `least` to `most`. */
export function checkCount(value: number, name: string, least: number, most: number): number {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw refuse(name, `a whole number from ${least} to ${most}`, value);
  }
  return value;
}

export function checkChoice<T extends string>(value: T, name: string, choices: readonly T[]): T {
  if (!choices.includes(value)) {
    throw refuse(name, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, value);
  }
  return value;
}
