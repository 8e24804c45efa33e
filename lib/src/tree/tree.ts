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
  /** Whether the tree is a leaf itself. */
  readonly isLeaf: boolean;
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

type Visit = (leaf: Leaf, path: () => string) => void;

/** Go over the leaves in order; a path is made only for those who ask. @returns how to rebuild the tree */
function walkTree(value: unknown, path: () => string, visit: Visit): (next: () => unknown) => unknown {
  if (isLeaf(value)) {
    visit(value, path);
    return (next) => next();
  }
  if (Array.isArray(value)) {
    const parts = value.map((item, i) => walkTree(item, () => `${path()}[${i}]`, visit));
    return (next) => parts.map((part) => part(next));
  }
  if (isPlainObject(value)) {
    const keys = Object.keys(value);
    const parts = keys.map((key) => walkTree(value[key], () => join(path(), key), visit));
    return (next) => {
      const made: Record<string, unknown> = {};
      for (let i = 0; i < keys.length; i++) made[keys[i]!] = parts[i]!(next);
      return made;
    };
  }
  throw new TreeError(`${path()} is ${describe(value)}; ${HINT}`);
}

/**
 * @param name what the whole is called in errors and paths
 * @throws TreeError at a leaf that is neither a number nor a tensor
 */
export function flatten(tree: unknown, name: string): Flat {
  const leaves: Leaf[] = [];
  const makers: (() => string)[] = [];
  const build = walkTree(
    tree,
    () => name,
    (leaf, path) => {
      leaves.push(leaf);
      makers.push(path);
    },
  );
  return new FlatTree(leaves, makers, build, leaves.length === 1 && leaves[0] === tree);
}

/** A class, because a getter in an object literal costs more than all the rest. */
class FlatTree implements Flat {
  readonly leaves: readonly Leaf[];
  readonly isLeaf: boolean;
  readonly #makers: readonly (() => string)[];
  readonly #build: (next: () => unknown) => unknown;
  #paths: readonly string[] | undefined;

  constructor(
    leaves: readonly Leaf[],
    makers: readonly (() => string)[],
    build: (next: () => unknown) => unknown,
    isLeaf: boolean,
  ) {
    this.leaves = leaves;
    this.isLeaf = isLeaf;
    this.#makers = makers;
    this.#build = build;
  }

  get paths(): readonly string[] {
    return (this.#paths ??= this.#makers.map((make) => make()));
  }

  /** A property, so that it can be taken out of its object. */
  readonly rebuild = (replacements: readonly unknown[]): unknown => {
    let at = 0;
    return this.#build(() => replacements[at++]);
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
  if (like.isLeaf && isLeaf(tree)) return [tree];
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
