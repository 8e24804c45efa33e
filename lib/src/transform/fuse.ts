/**
 * Fused statements: an expression of several operations as one function, which computes its value and its partials with
 * respect to its leaves in straight-line code, and records one node. Its chain rule is applied here, when the text is printed.
 *
 * The function is used where a tape wants no more than the derivative (`runtime.fused`), and every leaf is a number or is on that
 * tape; else it does what the expression does operation by operation.
 * @see Hogan (2014), expression templates; CoDiPack's statement-level Jacobian tapes
 */
import { type ScalarOpName, scalarRules } from "../rules/scalar-rules.js";
import { type Context, isPlain, siteText } from "./context.js";
import { type Doc, join } from "./doc.js";
import { nameInMath } from "./rules/members.js";
import { recorded } from "./print.js";
import { type AnyNode, bare } from "./tree.js";

/** A tree of operations whose leaves are parameters of the function, or numbers in the text. */
type Expression =
  | {
      readonly kind: "op";
      readonly name: ScalarOpName;
      readonly args: readonly Expression[];
      readonly node: AnyNode;
    }
  | { readonly kind: "leaf"; readonly index: number }
  | { readonly kind: "number"; readonly text: string };
type Op = Extract<Expression, { kind: "op" }>;

/** More would make a function that nobody optimises. */
const MOST_OPERATIONS = 40;

const BINARY: Readonly<Record<string, ScalarOpName>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "**": "pow",
};

/** What may be evaluated once for several places, because nothing in the expression changes it. */
const SIMPLE = new Set(["Identifier", "Literal", "ThisExpression"]);

interface Leaf {
  readonly doc: Doc;
  /** Known not to be recorded. */
  readonly isPlain: boolean;
  /** The variable that it is, where it is one. */
  readonly name: string | null;
}

class Builder {
  readonly leaves: Leaf[] = [];
  readonly ops: Op[] = [];
  /** Whether all leaves are such that a variable is the same wherever it stands. */
  isSimple = true;
  readonly #cx: Context;

  constructor(cx: Context) {
    this.#cx = cx;
  }

  of(given: AnyNode): Expression {
    const cx = this.#cx;
    const node = bare(given);
    if (node.type === "Literal" && typeof node.value === "number")
      return { kind: "number", text: String(node.raw) };
    if (isPlain(cx, node)) return this.#leaf(node);
    if (node.type === "BinaryExpression" && node.left.type !== "PrivateIdentifier") {
      const name = BINARY[node.operator];
      if (name !== undefined)
        return this.op(name, () => [this.of(node.left as AnyNode), this.of(node.right)], node);
    }
    if (node.type === "UnaryExpression" && node.operator === "-")
      return this.op("neg", () => [this.of(node.argument)], node);
    if (node.type === "CallExpression" && !node.optional) {
      const name = nameInMath(node.callee, cx) as ScalarOpName | null;
      const given = node.arguments;
      if (name !== null && name in scalarRules && given.every(({ type }) => type !== "SpreadElement"))
        if (scalarRules[name].partials.length === given.length)
          return this.op(name, () => given.map((arg) => this.of(arg)), node);
    }
    return this.#leaf(node);
  }

  op(name: ScalarOpName, args: () => readonly Expression[], node: AnyNode): Expression {
    const op: Op = { kind: "op", name, args: args(), node };
    this.ops.push(op);
    return op;
  }

  #leaf(node: AnyNode): Expression {
    this.isSimple &&= SIMPLE.has(node.type) || (node.type === "MemberExpression" && isSimpleMember(node));
    const name = node.type === "Identifier" ? node.name : null;
    return this.leaf({ doc: recorded(node, this.#cx), isPlain: isPlain(this.#cx, node), name });
  }

  leaf(leaf: Leaf): Expression {
    return { kind: "leaf", index: this.leaves.push(leaf) - 1 };
  }
}

function isSimpleMember(node: AnyNode): boolean {
  if (node.type !== "MemberExpression") return SIMPLE.has(node.type);
  return (
    !node.optional && isSimpleMember(node.object) && (!node.computed || isSimpleMember(bare(node.property)))
  );
}

const replaced = (text: string, names: Readonly<Record<string, string>>): string =>
  text.replace(/\b[aby]\b/g, (name) => names[name] ?? name);

/** The function's text, and which of the leaves it takes. */
class Printer {
  readonly #root: Op;
  readonly #ops: readonly Op[];
  readonly #leaves: readonly Leaf[];
  /** For each leaf, its parameter: a variable that stands in several places is one. */
  readonly #parameters: number[] = [];
  readonly taken: number[] = [];
  readonly #weights: string[][] = [];

  constructor(root: Op, { ops, leaves, isSimple }: Builder) {
    this.#root = root;
    this.#ops = ops;
    this.#leaves = leaves;
    leaves.forEach(({ name }, i) => {
      const same = isSimple && name !== null ? leaves.findIndex((leaf) => leaf.name === name) : i;
      if (same < i) this.#parameters.push(this.#parameters[same]!);
      else this.#parameters.push(this.taken.push(i) - 1);
    });
    this.taken.forEach(() => this.#weights.push([]));
  }

  /** The operand as a number in the fast part. */
  #operand(expression: Expression): string {
    if (expression.kind === "number") return expression.text;
    if (expression.kind === "leaf") return `x${this.#parameters[expression.index]}`;
    return `v${this.#ops.indexOf(expression)}`;
  }

  #names(op: Op): Record<string, string> {
    const [a, b] = op.args;
    return { a: this.#operand(a!), ...(b && { b: this.#operand(b) }), y: `v${this.#ops.indexOf(op)}` };
  }

  #value(op: Op): string {
    return `v${this.#ops.indexOf(op)} = ${replaced(scalarRules[op.name].value, this.#names(op))}`;
  }

  #isActive(expression: Expression): boolean {
    if (expression.kind === "number") return false;
    if (expression.kind === "leaf") return !this.#leaves[expression.index]!.isPlain;
    return expression.args.some((arg) => this.#isActive(arg));
  }

  /** The adjoints of the operations below, as declarations; what reaches a leaf is one of its weights. */
  #adjoints(op: Op, adjoint: string, declared: string[]): void {
    op.args.forEach((arg, i) => {
      if (!this.#isActive(arg)) return;
      const partial = replaced(scalarRules[op.name].partials[i]!, this.#names(op));
      const along = product(adjoint, partial);
      if (arg.kind === "leaf") return void this.#weights[this.#parameters[arg.index]!]!.push(along);
      const name = `g${this.#ops.indexOf(arg as Op)}`;
      declared.push(`${name} = ${along}`);
      this.#adjoints(arg as Op, name, declared);
    });
  }

  /** The same, operation by operation. */
  slow(cx: Context, expression: Expression = this.#root): string {
    if (expression.kind === "number") return expression.text;
    if (expression.kind === "leaf") return `a${this.#parameters[expression.index]}`;
    const args = expression.args.map((arg) => this.slow(cx, arg));
    if (!this.#isActive(expression)) {
      const [a, b] = args;
      return `(${replaced(scalarRules[expression.name].value, { a: a!, b: b! })})`;
    }
    return `${cx.shared.names.runtime}.ops.${expression.name}(${args.join(", ")}, ${siteText(cx, expression.node)})`;
  }

  print(cx: Context): string {
    const { runtime } = cx.shared.names;
    const slow = this.slow(cx);
    const adjoints: string[] = [];
    this.#adjoints(this.#root, "1", adjoints);
    const active = this.taken.flatMap((leaf, i) => (this.#leaves[leaf]!.isPlain ? [] : [i]));
    // A variable is either a number or what may be one, never first this and then that: numbers stay unboxed.
    const reads = this.taken.map((leaf, i) =>
      this.#leaves[leaf]!.isPlain
        ? `if (typeof a${i} !== "number") break fast; const x${i} = a${i};`
        : `let x${i} = 0, i${i} = -1; if (typeof a${i} === "number") x${i} = a${i}; else { if (a${i}?.tape !== t) break fast; i${i} = a${i}.id; x${i} = t.values[i${i}]; }`,
    );
    return [
      `(${this.taken.map((_, i) => `a${i}`).join(", ")}) => { const t = ${runtime}.fused; fast: if (t) { `,
      reads.join(" "),
      ` const ${this.#ops.map((op) => this.#value(op)).join(", ")};`,
      ` if ((${active.map((i) => `i${i}`).join(" & ")}) < 0) return v${this.#ops.length - 1};`,
      adjoints.length > 0 ? ` const ${adjoints.join(", ")};` : "",
      ` let n = t.begin(${active.length}); const A = t.args, W = t.weights;`,
      ...active.map((i) => ` if (i${i} >= 0) { A[n] = i${i}; W[n++] = ${this.#weights[i]!.join(" + ")}; }`),
      ` return t.end(v${this.#ops.length - 1}, n, ${siteText(cx, this.#root.node)}); }`,
      ` return ${slow}; }`,
    ].join("");
  }
}

function product(adjoint: string, partial: string): string {
  if (partial === "1") return adjoint;
  const factor = /^[\w.]+$/.test(partial) ? partial : `(${partial})`;
  if (adjoint === "1") return factor;
  return partial === "-1" ? `-${adjoint}` : `${adjoint} * ${factor}`;
}

function fused(cx: Context, builder: Builder, root: Expression): Doc | null {
  if (root.kind !== "op" || builder.ops.length < 2 || builder.ops.length > MOST_OPERATIONS) return null;
  const printer = new Printer(root, builder);
  const { names, fused: functions } = cx.shared;
  if (!functions.has(root.node)) functions.set(root.node, printer.print(cx));
  const name = `${names.fused}${[...functions.keys()].indexOf(root.node) + 1}`;
  cx.shared.operations++;
  const args = printer.taken.map((i) => builder.leaves[i]!.doc);
  return [{ text: name, at: root.node.start }, "(", join(args, ", "), ")"];
}

/** @returns a call of the function that the expression is; null where it is no expression of several operations */
export function fuse(node: AnyNode, cx: Context): Doc | null {
  if (!isWorthIt(node, cx)) return null;
  const builder = new Builder(cx);
  return fused(cx, builder, builder.of(node));
}

/** The value of `target op= right`. */
export function fuseAssigned(
  cx: Context,
  operator: string,
  target: Doc,
  right: AnyNode,
  node: AnyNode,
): Doc | null {
  const name = BINARY[operator];
  if (name === undefined || !isWorthIt(right, cx, 1)) return null;
  const builder = new Builder(cx);
  // What stands on the left is read first; it may be a property, and is evaluated once.
  const left = builder.leaf({ doc: target, isPlain: false, name: null });
  return fused(
    cx,
    builder,
    builder.op(name, () => [left, builder.of(right)], node),
  );
}

/** Whether an expression has enough operations; leaves are not printed to find out, because printing numbers their places. */
function isWorthIt(given: AnyNode, cx: Context, least = 2): boolean {
  let count = 0;
  const visit = (child: AnyNode): void => {
    const node = bare(child);
    if (isPlain(cx, node)) return;
    if (node.type === "BinaryExpression" && BINARY[node.operator] && node.left.type !== "PrivateIdentifier") {
      count++;
      visit(node.left as AnyNode);
      visit(node.right);
    } else if (node.type === "UnaryExpression" && node.operator === "-") {
      count++;
      visit(node.argument);
    } else if (node.type === "CallExpression" && !node.optional) {
      const name = nameInMath(node.callee, cx);
      const rule = name === null ? undefined : scalarRules[name as ScalarOpName];
      if (rule === undefined || rule.partials.length !== node.arguments.length) return;
      if (node.arguments.some(({ type }) => type === "SpreadElement")) return;
      count++;
      node.arguments.forEach(visit);
    }
  };
  visit(given);
  return count >= least && count <= MOST_OPERATIONS;
}
