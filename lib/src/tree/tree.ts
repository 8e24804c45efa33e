/** Trees: nested arrays and objects whose leaves are numbers or tensors. */
import { isLeaf } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";
import { type Form, formOf, isPlainObject } from "./form.js";

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
  rebuild(leaves: readonly unknown[]): unknown;
  /** The same, of what stands for numbers while a transform runs. */
  rebuildRecorded(leaves: readonly unknown[]): unknown;
}

const join = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/** Where the first thing is that is no tree, and what it is. */
function firstStranger(value: unknown, path: string): string | null {
  if (isLeaf(value)) return null;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const found = firstStranger(item, `${path}[${i}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isPlainObject(value)) return `${path} is ${describe(value)}`;
  for (const [key, item] of Object.entries(value)) {
    const found = firstStranger(item, join(path, key));
    if (found !== null) return found;
  }
  return null;
}

/**
 * @param name what the whole is called in errors and paths
 * @throws TreeError at a leaf that is neither a number nor a tensor
 */
export function flatten(tree: unknown, name: string): Flat {
  const leaves: Leaf[] = [];
  const form = formOf(tree, leaves);
  if (form === undefined) throw new TreeError(`${firstStranger(tree, name)}; ${HINT}`);
  return new FlatTree(leaves, form, name);
}

/** A tree that is a leaf. */
export const leafTree = (leaf: Leaf): Flat => new FlatTree([leaf], null, "result");

/** A class, because closures and getters in a literal cost more than all the rest; paths are made for those who ask. */
class FlatTree implements Flat {
  declare readonly leaves: readonly Leaf[];
  declare readonly form: Form;
  declare readonly name: string;

  constructor(leaves: readonly Leaf[], form: Form, name: string) {
    this.leaves = leaves;
    this.form = form;
    this.name = name;
  }

  get isLeaf(): boolean {
    return this.form === null;
  }

  get paths(): readonly string[] {
    const paths: string[] = [];
    addPaths(this.form, this.name, paths);
    return paths;
  }

  rebuild(leaves: readonly unknown[]): unknown {
    return this.form === null ? leaves[0] : this.form.build(leaves, false);
  }

  rebuildRecorded(leaves: readonly unknown[]): unknown {
    return this.form === null ? leaves[0] : this.form.build(leaves, true);
  }
}

function addPaths(form: Form, path: string, paths: string[]): void {
  if (form === null) return void paths.push(path);
  form.parts.forEach((part, i) => addPaths(part, form.keys === null ? `${path}[${i}]` : join(path, form.keys[i]!), paths)); // prettier-ignore
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
