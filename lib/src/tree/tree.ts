/** Trees: nested arrays and objects whose leaves are numbers or tensors. */
import { isLeaf } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";

/** A tree has another form than it should. */
export class TreeError extends TypeError {
  override readonly name = "TreeError";
}

export interface Flat {
  readonly leaves: readonly Leaf[];
  /** Where each leaf is, as one would write it: "p.rates[2]". */
  readonly paths: readonly string[];
  /** A tree of the same form with other leaves. */
  readonly rebuild: (leaves: readonly unknown[]) => unknown;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const join = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/**
 * @param name what the whole is called in errors and paths
 * @throws TreeError at a leaf that is neither a number nor a tensor
 */
export function flatten(tree: unknown, name: string): Flat {
  const leaves: Leaf[] = [];
  const paths: string[] = [];
  type Rebuild = (next: () => unknown) => unknown;
  const visit = (value: unknown, path: string): Rebuild => {
    if (isLeaf(value)) {
      leaves.push(value);
      paths.push(path);
      return (next) => next();
    }
    if (Array.isArray(value)) {
      const parts = value.map((item, i) => visit(item, `${path}[${i}]`));
      return (next) => parts.map((part) => part(next));
    }
    if (isPlainObject(value)) {
      const parts = Object.entries(value).map(([key, item]) => [key, visit(item, join(path, key))] as const);
      return (next) => Object.fromEntries(parts.map(([key, part]) => [key, part(next)]));
    }
    throw new TreeError(`${path} is ${describe(value)}; ${HINT}`);
  };
  const build = visit(tree, name);
  return {
    leaves,
    paths,
    rebuild: (replacements) => {
      let at = 0;
      return build(() => replacements[at++]);
    },
  };
}

const HINT = "derivatives are of numbers and tensors, and of arrays and plain objects of them.";

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} (make a tensor of it, or Array.from(…))`;
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "?"}`;
  return typeof value === "string" ? `the string ${JSON.stringify(value)}` : `a ${typeof value}`;
}

/**
 * The leaves of `tree`, which should have the form of `like`.
 * @throws TreeError saying where they differ
 */
export function flattenLike(tree: unknown, like: Flat, name: string): readonly Leaf[] {
  const { leaves, paths } = flatten(tree, name);
  const expected = like.paths.map((path) => path.replace(/^[^.[]*/, name));
  const missing = expected.find((path) => !paths.includes(path));
  const extra = paths.find((path) => !expected.includes(path));
  if (missing !== undefined || extra !== undefined) {
    const what = missing === undefined ? `${extra} should not be there` : `${missing} is missing`;
    throw new TreeError(`${name} should have the form of its counterpart: ${what}.`);
  }
  return expected.map((path) => leaves[paths.indexOf(path)]!);
}
