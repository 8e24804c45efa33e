/** What the rules share while one text is printed. */
import type { Doc } from "./doc.js";
import type { Kinds } from "./kinds.js";
import type { Names } from "./names.js";
import type { Scopes } from "./scopes.js";
import type { AnyNode } from "./tree.js";

/** Temporaries of one function's body. */
export interface Frame {
  readonly temporaries: string[];
}

/** What is the same for the whole text. */
export interface Shared {
  readonly source: string;
  readonly kinds: Kinds;
  readonly scopes: Scopes;
  readonly names: Names;
  /** Every node that an operation stands for, with its number. */
  readonly sites: Map<AnyNode, number>;
  /** Functions of fused statements, in the order in which they were first printed; a body may be printed twice. */
  readonly fused: Map<AnyNode, string>;
  /** How many operations have been printed. */
  operations: number;
  /** How many temporaries have been named. */
  temporaries: number;
}

/** Where a node is printed. */
export interface Context {
  readonly shared: Shared;
  /** How the operations are called here: a constant of the body, or by way of the runtime. */
  readonly ops: string;
  readonly frame: Frame;
}

export const isPlain = (cx: Context, node: AnyNode): boolean => cx.shared.kinds.isPlain(node);

/** A variable of the function at hand, for one use. */
export function temporary({ shared, frame }: Context): string {
  const name = `${shared.names.temporary}${++shared.temporaries}`;
  frame.temporaries.push(name);
  return name;
}

/** The place that a node is, as an expression. */
export function siteText({ shared }: Context, node: AnyNode): string {
  const known = shared.sites.get(node) ?? shared.sites.size;
  shared.sites.set(node, known);
  return known === 0 ? shared.names.base : `${shared.names.base} + ${known}`;
}

/** `$.mul(a, b, $s + 3)`: an operation of the runtime, which stands for `node`. */
export function operation(cx: Context, name: string, args: readonly Doc[], node: AnyNode): Doc {
  cx.shared.operations++;
  return [
    { text: `${cx.ops}.${name}`, at: node.start },
    "(",
    args.map((arg) => [arg, ", "]),
    `${siteText(cx, node)})`,
  ];
}

/** `$.method(xs, "sort", $s + 3, compare)` and `$.fn(f, $s + 3)`: the site before what may be a list of any length. */
export function siteFirst(
  cx: Context,
  name: string,
  before: readonly Doc[],
  args: readonly Doc[],
  node: AnyNode,
): Doc {
  cx.shared.operations++;
  return [
    { text: `${cx.ops}.${name}`, at: node.start },
    "(",
    before.map((arg) => [arg, ", "]),
    siteText(cx, node),
    args.map((arg) => [", ", arg]),
    ")",
  ];
}
