/** Methods of lists that ask for numbers or truths, where their answers and elements may be recorded. */
import { compare } from "../ad/compare.js";
import { at } from "../ad/here.js";
import { isLeafObject } from "../ad/leaves.js";
import { intrinsic } from "./intrinsics.js";
import { isRecorded, plain } from "./values.js";

type Fn = (this: unknown, ...args: unknown[]) => unknown;
type Owner = Record<string, Fn>;

/** A function whose answer is taken for a truth, or for an order. */
const answering = (f: unknown, answer: (value: unknown) => unknown): unknown =>
  typeof f !== "function"
    ? f
    : function (this: unknown, ...args: unknown[]) {
        return answer((f as Fn).apply(this, args));
      };

const asking: Method = (owner, name, [f, ...rest], site) => {
  const truth = (value: unknown) => (isRecorded(value) ? compare("truthy", value, 0, site) : value);
  return owner[name]!(answering(f, truth), ...rest);
};
const ordering: Method = (owner, name, [f, ...rest]) => owner[name]!(answering(f, plain), ...rest);
/** By value, as numbers are found: the one looked for may be recorded, and so may the elements. */
const finding: Method = (owner, name, args) => {
  const values = Array.isArray(owner) && (owner as unknown[]).some(isRecorded) ? (owner as unknown[]).map(plain) : owner; // prettier-ignore
  return (values as Owner)[name]!(...args.map(plain));
};

type Method = (owner: Owner, name: string, args: readonly unknown[], site: number) => unknown;

const methods = new Map<string, Method>([
  ...["sort", "toSorted"].map((name) => [name, ordering] as const),
  ...["includes", "indexOf", "lastIndexOf"].map((name) => [name, finding] as const),
  ...["filter", "find", "findIndex", "findLast", "findLastIndex", "some", "every"].map(
    (name) => [name, asking] as const,
  ),
]);

/** `owner[name](…args)`, where that is a list's method, a tensor's, or a function of Math that is called as one. */
export function method(owner: Owner, name: string, site: number, ...args: unknown[]): unknown {
  const isList = Array.isArray(owner) || ArrayBuffer.isView(owner);
  const own = isList ? methods.get(name) : undefined;
  if (own !== undefined) return own(owner, name, args, site);
  if (isLeafObject(owner)) return at(site, () => owner[name]!(...args));
  const f = owner[name];
  const recording = intrinsic(f, site);
  return recording === f ? owner[name]!(...args) : (recording as Fn)(...args);
}
