/** Arithmetic on values with tangents, as statements of a kernel. Small whole powers are products: WebGPU's power of a negative number loses its sign. */
import type { AnyNode } from "acorn";
import { deviceFunctions } from "./functions.js";
import { type Dual, type Writer, ZERO } from "./writer.js";

type Terms = (a: Dual, b: Dual, v: string) => readonly (string | null)[];

/** The tangent of each operator, as the terms of a sum. */
const tangents: Readonly<Record<string, Terms>> = {
  "+": (a, b) => [a.d, b.d],
  "-": (a, b) => [a.d, b.d && `-${b.d}`],
  "*": (a, b) => [a.d && `${a.d} * ${b.v}`, b.d && `${a.v} * ${b.d}`],
  "/": (a, b, v) => [a.d && `${a.d} / ${b.v}`, b.d && `-${v} * ${b.d} / ${b.v}`],
  // a − b · trunc(a / b), whose quotient stands still.
  "%": (a, b, v) => [a.d, b.d && `${b.d} * (${v} - ${a.v}) / ${b.v}`],
};

function sum(writer: Writer, terms: readonly (string | null)[]): string | null {
  const given = terms.filter((term) => term !== null);
  return given.length === 0 ? null : writer.named(given.map((term) => `(${term})`).join(" + "));
}

export function combine(writer: Writer, operator: string, a: Dual, b: Dual, place: AnyNode): Dual {
  if (operator === "**") return power(writer, a, b);
  const terms = tangents[operator] ?? writer.fail(place, `a gpuKernel has no operator ${operator}`);
  const v = writer.named(`${a.v} ${operator} ${b.v}`);
  return { v, d: sum(writer, terms(a, b, v)) };
}

/** Beyond it a power is the device's own, whose base must not be negative. */
const LARGEST_PRODUCT = 16;

export function power(writer: Writer, a: Dual, b: Dual): Dual {
  const exponent = Number(b.v);
  if (b.d !== null || !Number.isInteger(exponent) || Math.abs(exponent) > LARGEST_PRODUCT)
    return callOf(writer, "pow", [a, b]);
  const product = (n: number): string =>
    n === 0 ? "1" : writer.named(Array.from({ length: n }, () => a.v).join(" * "));
  const size = Math.abs(exponent);
  const v = exponent < 0 ? writer.named(`1 / ${product(size)}`) : product(size);
  if (a.d === null || exponent === 0) return { v, d: null };
  const slope = exponent < 0 ? `${exponent} * ${v} / ${a.v}` : `${exponent} * ${product(size - 1)}`;
  return { v, d: writer.named(`${slope} * ${a.d}`) };
}

/** A function of Math. */
export function callOf(writer: Writer, name: string, args: readonly Dual[]): Dual {
  const { value, partials } = deviceFunctions.get(name)!;
  const values = args.map(({ v }) => v);
  const named = (text: string) => writer.named(text);
  const v = writer.named(value(values, named));
  if (args.every(({ d }) => d === null)) return { v, d: null };
  const slopes = partials(values, v, named);
  const terms = args.map(({ d }, i) => (d === null || slopes[i] === null ? null : `${slopes[i]} * ${d}`));
  return { v, d: sum(writer, terms) };
}

export function negated(writer: Writer, { v, d }: Dual): Dual {
  return { v: writer.named(`-${v}`), d: d && writer.named(`-${d}`) };
}

/** Both are computed, and one is taken. */
export function choice(writer: Writer, condition: string, yes: Dual, no: Dual): Dual {
  const test = writer.named(`(${condition}) ? 1 : 0`);
  const v = writer.named(`${test} > 0 ? ${yes.v} : ${no.v}`);
  if (yes.d === null && no.d === null) return { v, d: null };
  return { v, d: writer.named(`${test} > 0 ? ${yes.d ?? ZERO} : ${no.d ?? ZERO}`) };
}
