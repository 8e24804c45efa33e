/** The functions of Math that a kernel may call: as a device has them, and their partials, from the table of scalar rules. */
import { sineOf } from "../engine/gpu/programs/sine.js";
import { type ScalarOpName, scalarRules, type ScalarRule } from "../rules/scalar-rules.js";

/** Those of the table that gpu.js has on every back end. */
const known: readonly ScalarOpName[] = [
  "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "exp", "expm1", "floor",
  "log", "log10", "log1p", "log2", "max", "min", "pow", "round", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
]; // prettier-ignore

export type Named = (expression: string) => string;

export interface DeviceFunction {
  readonly name: ScalarOpName;
  readonly arity: number;
  /** @param named makes a statement that gives an expression a name */
  value(args: readonly string[], named: Named): string;
  /** An expression for each argument; null: it is 0 everywhere. */
  partials(args: readonly string[], y: string, named: Named): readonly (string | null)[];
}

/** What a device has no constant for, or its compiler no operator: written another way. */
const own: Partial<
  Record<ScalarOpName, Pick<DeviceFunction, "value"> & Partial<Pick<DeviceFunction, "partials">>>
> = {
  // Half to both at a tie, as everywhere in this library; without the literal NaN, which no kernel can have.
  max: {
    value: ([a, b]) => `Math.max(${a}, ${b})`,
    partials: ([a, b]) => [half(a!, ">", b!), half(b!, ">", a!)],
  },
  min: {
    value: ([a, b]) => `Math.min(${a}, ${b})`,
    partials: ([a, b]) => [half(a!, "<", b!), half(b!, "<", a!)],
  },
  // A device's own have no more than four digits.
  sin: { value: ([a], named) => sineOf(a!, 0, named), partials: ([a], _y, named) => [sineOf(a!, 1, named)] },
  cos: { value: ([a], named) => sineOf(a!, 1, named), partials: ([a], _y, named) => [sineOf(a!, 2, named)] },
  tan: { value: ([a], named) => `(${sineOf(a!, 0, named)} / ${sineOf(a!, 1, named)})` },
  log2: { value: ([a]) => `(Math.log(${a}) * ${Math.LOG2E})` },
  log10: { value: ([a]) => `(Math.log(${a}) * ${Math.LOG10E})` },
  sign: { value: ([a]) => `(${a} > 0 ? 1 : (${a} < 0 ? -1 : ${a}))` },
  abs: { value: ([a]) => `Math.abs(${a})`, partials: ([a]) => [`(${a} > 0 ? 1 : (${a} < 0 ? -1 : ${a}))`] },
  trunc: { value: ([a]) => `(${a} < 0 ? Math.ceil(${a}) : Math.floor(${a}))` },
};

const half = (a: string, better: string, b: string) => `(${a} ${better} ${b} ? 1 : (${a} == ${b} ? 0.5 : 0))`;

/** The text of a rule, in other names. */
const filled = (text: string, args: readonly string[], y: string): string =>
  text
    .replace(/Math\.(LOG2E|LOG10E|PI)\b/g, (_, name: "PI") => String(Math[name]))
    .replace(/(?<![\w.])([aby])(?!\w)/g, (_, name: string) =>
      name === "y" ? y : `(${args[name === "a" ? 0 : 1]})`,
    )
    .replace(/(\([^()]*\)|\w+) \*\* (\([^()]*\))/g, "Math.pow($1, $2)")
    .replaceAll("===", "==");

export const deviceFunctions: ReadonlyMap<string, DeviceFunction> = new Map(
  known.map((name): [string, DeviceFunction] => {
    const rule: ScalarRule = scalarRules[name];
    const special = own[name];
    return [
      name,
      {
        name,
        arity: rule.partials.length,
        value: special?.value ?? ((args) => `Math.${name}(${args.join(", ")})`),
        partials:
          special?.partials ??
          ((args, y) => rule.partials.map((text) => (text === "0" ? null : `(${filled(text, args, y)})`))),
      },
    ];
  }),
);
