/** What an operation does when its operands are not all plain numbers, or numbers of the one tape. */
import { evaluate } from "../rules/generated/evaluate.js";
import { opNames } from "../rules/generated/opcodes.js";
import { active } from "./active.js";
import { LEAF, Recorded, type Scalar } from "./recorded.js";

const isLeafObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && LEAF in value;

/**
 * @param site negative when a user called the function: then other things than numbers are a mistake. Code that was
 *   instrumented does with strings, dates and the like what JavaScript does.
 */
export function slow(op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  if (isLeafObject(a) || isLeafObject(b)) return active.tensors!(op, a, b, site);
  if (a instanceof Recorded || b instanceof Recorded)
    return site < 0 || (isNumber(a) && isNumber(b)) ? active.process!(op, a, b, site) : mixed(op, a, b, site);
  if (site < 0) throw new TypeError(`${opNames[op]} takes numbers and tensors; it got ${kinds(a, b)}.`);
  return evaluate(op, a, b as number);
}

const isNumber = (value: unknown): boolean =>
  typeof value === "number" || value === undefined || value instanceof Recorded;

/** A recorded number and something that is none: `"a" + x` is a text, `x * true` is a product. */
function mixed(op: number, a: unknown, b: unknown, site: number): Scalar {
  const primitive = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !(value instanceof Recorded) ? String(value) : value;
  const [x, y] = [primitive(a), primitive(b)];
  if (opNames[op] === "add" && (typeof x === "string" || typeof y === "string"))
    return `${x as string}${y as string}` as never;
  const number = (value: unknown) => (value instanceof Recorded ? value : +(value as number));
  return active.process!(op, number(x), number(y), site);
}

const kinds = (...values: unknown[]): string =>
  values.filter((value) => value !== undefined).map((value) => (Array.isArray(value) ? "an array" : typeof value)).join(" and "); // prettier-ignore
