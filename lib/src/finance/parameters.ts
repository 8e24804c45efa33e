/** Parameters of a model as a list of numbers, and back: by name, in the order in which they were given. */
import { OptionError } from "../errors.js";

export type Parameters = Readonly<Record<string, number>>;

/** @throws OptionError naming the parameter that is no finite number, or is not above 0 and should be */
export function checkParameters(p: Parameters, positive: readonly string[], of: string): void {
  for (const name of positive)
    if (!(name in p))
      throw new OptionError(
        `${of} needs the parameter ${name}; it was given ${Object.keys(p).join(", ") || "none"}.`,
      );
  for (const [name, value] of Object.entries(p)) {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new OptionError(`${name} should be a finite number; got ${String(value)}.`);
    if (positive.includes(name) && value <= 0)
      throw new OptionError(`${name} should be above 0; got ${value}.`);
  }
}

export const fromList = <P extends Parameters>(names: readonly string[], values: readonly unknown[]): P =>
  Object.fromEntries(names.map((name, i) => [name, values[i]])) as unknown as P;

/** p with some of its numbers moved. */
export const moved = <P extends Parameters>(p: P, by: Parameters): P =>
  Object.fromEntries(
    Object.entries(p).map(([name, value]) => [name, value + (by[name] ?? 0)]),
  ) as unknown as P;

/** The numbers of a gradient, in the order of the names. */
export const list = (names: readonly string[], tree: unknown): number[] =>
  names.map((name) => (tree as Parameters)[name]!);

/** The rows of a Hessian, in the order of the names. */
export const matrix = (names: readonly string[], tree: unknown): number[][] =>
  names.map((name) => list(names, (tree as Readonly<Record<string, unknown>>)[name]));
