/** The form of a tree: what it is without its leaves. The last one that was met is tried first, since most calls are like the one before. */
import { isLeaf } from "../ad/leaves.js";
import { type Leaf, Recorded } from "../ad/recorded.js";

/** A leaf, or an object (an array: without keys) of parts. */
export type Form = null | Branch;

export class Branch {
  readonly keys: readonly string[] | null;
  readonly parts: readonly Form[];
  /** How many leaves there are. */
  readonly size: number;
  #reads = 0;
  #reader: ((value: unknown, leaves: Leaf[]) => boolean) | null = null;
  readonly #builders: [Builder, Builder] = [new Builder(), new Builder()];

  constructor(keys: readonly string[] | null, parts: readonly Form[]) {
    this.keys = keys;
    this.parts = parts;
    this.size = parts.reduce((sum, part) => sum + (part === null ? 1 : part.size), 0);
  }

  /** The leaves of a tree, if it has this form. @returns whether it has; some leaves may have been collected even if not */
  read(value: unknown, leaves: Leaf[]): boolean {
    if (this.#reader === null) {
      if (++this.#reads !== OFTEN) return matches(this, value, leaves);
      this.#reader = reader(this) ?? matches.bind(null, this);
    }
    return this.#reader(value, leaves);
  }

  /** A tree of this form. @param areRecorded whether its leaves are what stands for numbers, and no numbers */
  build(leaves: readonly unknown[], areRecorded: boolean): unknown {
    return this.#builders[areRecorded ? 1 : 0].build(this, leaves);
  }
}

/** A form that is built so often is worth a function of its own: several times faster than key by key. */
const OFTEN = 20;
const LARGEST = 64;

/**
 * Makes trees of one form. Recorded numbers and plain ones are put into objects of different hidden classes, and neither into
 * those of the program's own literals: an engine that has seen an object in a field keeps numbers there in boxes, ever after.
 */
class Builder {
  #uses = 0;
  #compiled: ((leaves: readonly unknown[]) => unknown) | null = null;

  build(form: Branch, leaves: readonly unknown[]): unknown {
    if (this.#compiled !== null) return this.#compiled(leaves);
    if (++this.#uses === OFTEN && form.size <= LARGEST) this.#compiled = compiled(form);
    cursor = 0;
    return built(form, leaves);
  }
}

/** @returns null where functions may not be made of text, as a page's policy can say */
function compiled(form: Branch): ((leaves: readonly unknown[]) => unknown) | null {
  let next = 0;
  const classes: string[] = [];
  const text = (part: Form): string => {
    if (part === null) return `l[${next++}]`;
    if (part.keys === null) return `[${part.parts.map(text).join(", ")}]`;
    const parameters = part.keys.map((_, i) => `p${i}`).join(", ");
    const sets = part.keys.map((key, i) =>
      // Set, it would be no key but the prototype.
      key === "__proto__"
        ? `Object.defineProperty(this, "__proto__", { value: p${i}, enumerable: true, configurable: true, writable: true });`
        : `this[${JSON.stringify(key)}] = p${i};`,
    );
    const name = `C${classes.length}`;
    classes.push(
      `function ${name}(${parameters}) { ${sets.join(" ")} } ${name}.prototype = Object.prototype;`,
    );
    return `new ${name}(${part.parts.map(text).join(", ")})`;
  };
  const expression = text(form);
  try {
    return new Function(`${classes.join(" ")} return (l) => ${expression};`)() as (
      leaves: readonly unknown[],
    ) => unknown;
  } catch {
    return null;
  }
}

/**
 * A function that reads plain numbers from an object without inner ones, by their names.
 * @returns null for another form, and where functions may not be made of text
 */
function reader({ keys, parts }: Branch): ((value: unknown, leaves: Leaf[]) => boolean) | null {
  if (
    keys === null ||
    keys.length > LARGEST ||
    keys.includes("__proto__") ||
    !parts.every((part) => part === null)
  )
    return null;
  const names = keys.map((key) => JSON.stringify(key));
  const text = [
    "return (value, leaves) => {",
    "if (!isPlain(value)) return false;",
    ...names.map(
      (name, i) => `const x${i} = value[${name}]; if (typeof x${i} !== "number") return slow(value, leaves);`,
    ),
    // Names are in the order in which they were given: the order of the leaves.
    "let i = 0; for (const key in value) if (key !== keys[i++]) return false;",
    `if (i !== ${keys.length}) return false;`,
    `leaves.push(${names.map((_, i) => `x${i}`).join(", ")}); return true; };`,
  ].join(" ");
  const form = new Branch(keys, parts);
  try {
    const make = new Function("isPlain", "keys", "slow", text) as (
      ...given: unknown[]
    ) => (value: unknown, leaves: Leaf[]) => boolean;
    return make(isPlainObject, keys, (value: unknown, leaves: Leaf[]) => matches(form, value, leaves));
  } catch {
    return null;
  }
}

/** Which leaf comes next; nothing else runs while a tree is built. */
let cursor = 0;

function built(form: Form, leaves: readonly unknown[]): unknown {
  if (form === null) return leaves[cursor++];
  const { keys, parts } = form;
  if (keys === null) return parts.map((part) => built(part, leaves));
  const made: Record<string, unknown> = {};
  for (let i = 0; i < keys.length; i++) {
    const value = built(parts[i]!, leaves);
    if (keys[i] === "__proto__")
      Object.defineProperty(made, "__proto__", { value, enumerable: true, configurable: true, writable: true }); // prettier-ignore
    else made[keys[i]!] = value;
  }
  return made;
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const isLeafValue = (value: unknown): boolean =>
  typeof value === "number" || value instanceof Recorded || isLeaf(value);

let last: Form = null;

/** Collect the leaves in order. @returns the form; undefined at something that is neither a leaf nor a tree */
export function formOf(value: unknown, leaves: Leaf[]): Form | undefined {
  if (isLeafValue(value)) {
    leaves.push(value as Leaf);
    return null;
  }
  if (last !== null) {
    if (last.read(value, leaves)) return last;
    leaves.length = 0;
  }
  const form = newForm(value, leaves);
  if (form !== undefined) last = form;
  return form;
}

function newForm(value: unknown, leaves: Leaf[]): Form | undefined {
  if (isLeafValue(value)) {
    leaves.push(value as Leaf);
    return null;
  }
  const isArray = Array.isArray(value);
  if (!isArray && !isPlainObject(value)) return undefined;
  const keys = isArray ? null : Object.keys(value as object);
  const count = isArray ? value.length : keys!.length;
  const parts = new Array<Form>(count);
  for (let i = 0; i < count; i++) {
    const part = newForm((value as Record<string | number, unknown>)[keys === null ? i : keys[i]!], leaves);
    if (part === undefined) return undefined;
    parts[i] = part;
  }
  return new Branch(keys, parts);
}

/** Whether a tree has this form; its leaves are collected meanwhile. */
function matches(form: Form, value: unknown, leaves: Leaf[]): boolean {
  if (form === null) {
    if (!isLeafValue(value)) return false;
    leaves.push(value as Leaf);
    return true;
  }
  const { keys, parts } = form;
  if (keys === null) {
    if (!Array.isArray(value) || value.length !== parts.length) return false;
    for (let i = 0; i < parts.length; i++) if (!matches(parts[i]!, value[i], leaves)) return false;
    return true;
  }
  if (Array.isArray(value) || !isPlainObject(value) || isLeafValue(value)) return false;
  let i = 0;
  for (const key in value) {
    if (key !== keys[i]) return false;
    if (!matches(parts[i]!, value[key], leaves)) return false;
    i++;
  }
  return i === keys.length;
}
