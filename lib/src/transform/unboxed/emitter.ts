/** Writing an unboxed body: its names, its lines, and the operands that its expressions are made of. */
import { type Context, isPlain } from "../context.js";
import { type Doc, raw } from "../doc.js";
import { nameInMath } from "../rules/members.js";
import type { Binding } from "../scopes.js";
import { type AnyNode, bare, childrenOf, type FunctionNode, type Kind, type Of, walk } from "../tree.js";

/** A function has something that an unboxed body cannot have; it has none then. */
export class NotUnboxed extends Error {}

/** A number in the text: its value, and its node or −1; null where it is known not to be recorded. */
export interface Operand {
  readonly value: string;
  readonly id: string | null;
}

const arePlain = (nodes: readonly AnyNode[], emit: Emitter): boolean =>
  nodes.every((node) => isPlain(emit.cx, node) && emit.isInert(node));
const ofPlainParts = (node: AnyNode, emit: Emitter): boolean => arePlain(childrenOf(node), emit);

/** What may stand as it is: a row for each kind of expression; what has none may not. */
const inert: { readonly [K in Kind]?: (node: Of<K>, emit: Emitter) => boolean } = {
  Literal: () => true,
  ThisExpression: () => true,
  Identifier: (node, emit) => emit.variable(node) === null,
  MemberExpression: ({ object, property, computed, optional }, emit) =>
    !optional && emit.isInert(object as AnyNode) && (!computed || arePlain([property as AnyNode], emit)),
  BinaryExpression: ofPlainParts,
  UnaryExpression: ofPlainParts,
  ConditionalExpression: ofPlainParts,
  LogicalExpression: ofPlainParts,
  CallExpression: (node, emit) => nameInMath(node.callee, emit.cx) !== null && arePlain(node.arguments, emit),
};

export class Emitter {
  readonly cx: Context;
  /** What the body begins with: parameters and their properties, read once. */
  readonly head: Doc[] = [];
  docs: Doc[] = [];
  readonly #numeric: ReadonlySet<Binding>;
  readonly #prefix: string;
  /** Parameters that are never assigned to: what they lead to is the same throughout, since nothing else runs meanwhile. */
  readonly #steady: ReadonlySet<Binding>;
  readonly #hoisted = new Map<string, Operand>();
  readonly #locals = new Set<Binding>();
  #count = 0;

  constructor(cx: Context, node: FunctionNode, numeric: ReadonlySet<Binding>) {
    this.cx = cx;
    this.#numeric = numeric;
    this.#prefix = cx.shared.names.unboxed;
    const { scopes } = cx.shared;
    const declare = (id: AnyNode): void => {
      const binding = id.type === "Identifier" ? scopes.bindingOf(id) : undefined;
      if (binding) this.#locals.add(binding);
    };
    node.params.forEach(declare);
    walk(node.body, (inside) => {
      if (inside.type === "VariableDeclarator") declare(inside.id);
      return true;
    });
    this.#steady = new Set(
      node.params.flatMap((param) => {
        const binding = param.type === "Identifier" ? scopes.bindingOf(param) : undefined;
        return binding?.writes.length === 1 ? [binding] : [];
      }),
    );
  }

  /** A name of this body's own. */
  name(what: string): string {
    return `${this.#prefix}${what}`;
  }

  fresh(what: string): string {
    return this.name(`${what}${this.#count++}`);
  }

  write(...docs: Doc[]): void {
    this.docs.push(docs, " ");
  }

  fail(): never {
    throw new NotUnboxed();
  }

  /** What `write` makes within `body`, apart. */
  apart(body: () => void): Doc[] {
    const outer = this.docs;
    this.docs = [];
    body();
    const own = this.docs;
    this.docs = outer;
    return own;
  }

  /** The two variables that a variable is; null for one that stays as it is. */
  variable(node: AnyNode): { readonly value: string; readonly id: string } | null {
    const inner = bare(node);
    const binding = inner.type === "Identifier" ? this.cx.shared.scopes.bindingOf(inner) : undefined;
    if (!binding || !this.#numeric.has(binding)) return null;
    return { value: this.name(`_${binding.name}`), id: this.name(`i_${binding.name}`) };
  }

  /** Whether a name is one of the function's own. */
  isLocal(node: AnyNode): boolean {
    const binding = node.type === "Identifier" ? this.cx.shared.scopes.bindingOf(node) : undefined;
    return binding !== undefined && this.#locals.has(binding);
  }

  /** Whether the text of a node may stand as it is: it computes nothing with what may be recorded, and changes nothing. */
  isInert(node: AnyNode): boolean {
    const inner = bare(node);
    const row = inert[inner.type] as ((node: AnyNode, emit: Emitter) => boolean) | undefined;
    return row?.(inner, this) ?? false;
  }

  /** The text as it is. */
  raw(node: AnyNode): Doc {
    if (!this.isInert(node)) this.fail();
    return raw(node.start, node.end, "line");
  }

  /** A number that is read from somewhere. Something else is there: the body is given up before it has changed anything. */
  leaf(node: AnyNode): Operand {
    const inner = bare(node);
    const variable = this.variable(inner);
    if (variable) return variable;
    if (isPlain(this.cx, inner)) {
      const value = this.fresh("p");
      // It may be a text, to which a number is added as a text.
      this.write(
        `const ${value} = `,
        this.raw(inner),
        `; if (typeof ${value} !== "number") break ${this.name("")};`,
      );
      return { value, id: null };
    }
    const hoisted = this.#hoist(inner);
    if (hoisted) return hoisted;
    const operand = this.unbox(this.raw(inner));
    if (inner.type === "MemberExpression") this.write(this.undisturbed());
    return operand;
  }

  /** A getter may have recorded something: what is written here would be written over that. */
  undisturbed(): string {
    return `if (${this.name("t")}.length !== ${this.name("z")}) break ${this.name("")};`;
  }

  /** @param doc what is to be a number, or on the tape */
  unbox(doc: Doc, docs = this.docs): Operand {
    const [from, value, id] = [this.fresh("x"), this.fresh("l"), this.fresh("i")];
    docs.push(`const ${from} = `, doc, "; ", this.unboxing(from, value, id), " ");
    return { value, id };
  }

  unboxing(from: string, value: string, id: string): string {
    const tape = this.name("t");
    return (
      `let ${value} = 0, ${id} = -1; if (typeof ${from} === "number") ${value} = ${from}; ` +
      `else { if (${from}?.tape !== ${tape}) break ${this.name("")}; ${id} = ${from}.id; ${value} = ${tape}.values[${id}]; }`
    );
  }

  /** A property of a parameter: read once, at the beginning. Where there is none, the body is given up. */
  #hoist(node: AnyNode): Operand | null {
    const path: string[] = [];
    let at = node;
    for (
      ;
      at.type === "MemberExpression" && !at.computed && !at.optional && at.property.type === "Identifier";
      at = bare(at.object as AnyNode)
    )
      path.unshift(at.property.name);
    const binding = at.type === "Identifier" ? this.cx.shared.scopes.bindingOf(at) : undefined;
    if (path.length === 0 || !binding || !this.#steady.has(binding)) return null;
    const text = [binding.name, ...path].join("?.");
    const known = this.#hoisted.get(text);
    if (known) return known;
    const operand = this.unbox(text, this.head);
    this.#hoisted.set(text, operand);
    return operand;
  }
}
