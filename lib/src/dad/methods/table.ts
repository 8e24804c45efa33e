/** The sharing methods, one row each: a new one is one more row. */
import { OptionError } from "../../errors.js";
import { nearestWords } from "../../spelling.js";
import { dad } from "./dad.js";
import { dsgd } from "./dsgd.js";
import { edad } from "./edad.js";
import type { Method } from "./method.js";
import { none } from "./none.js";
import { pooled } from "./pooled.js";
import type { PowerSgdOptions } from "./power-sgd-options.js";
import { powerSgd } from "./power-sgd.js";
import { rankDad, type RankDadOptions } from "./rank-dad.js";

const table = {
  pooled,
  none,
  dSGD: dsgd,
  dAD: dad,
  edAD: edad,
  "rank-dAD": rankDad,
  PowerSGD: powerSgd,
};

export type MethodName = keyof typeof table;

/** Every sharing method, by name: what a site sends, what the aggregator does, what each site reconstructs. */
export const methods = table as unknown as Readonly<Record<MethodName, Method>>;
export const methodNames = Object.keys(table) as MethodName[];

type Named<N extends MethodName, O = object> = { readonly name: N } & O;

/** A method by name, or with options. */
export type MethodChoice =
  | MethodName
  | Named<Exclude<MethodName, "rank-dAD" | "PowerSGD">>
  | Named<"rank-dAD", RankDadOptions>
  | Named<"PowerSGD", PowerSgdOptions>;

export interface ChosenMethod {
  readonly name: MethodName;
  readonly method: Method;
  readonly options: unknown;
  /** As they were given. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** @throws OptionError for a method that does not exist, UnknownOptionError for an option of it */
export function chosenMethod(choice: MethodChoice): ChosenMethod {
  const { name, ...given } = typeof choice === "string" ? { name: choice } : choice;
  if (!Object.hasOwn(methods, name)) {
    const [nearest] = nearestWords(String(name), methodNames, 1);
    throw new OptionError(`There is no sharing method "${String(name)}". ${nearest ? `Did you mean "${nearest}"?` : `There are ${methodNames.join(", ")}.`}`); // prettier-ignore
  }
  const method = methods[name];
  return { name, method, options: method.options(given), given };
}
