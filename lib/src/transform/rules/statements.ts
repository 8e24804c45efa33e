/** Statements: their conditions, and what they do for its effect alone. */
import { isPlain, operation } from "../context.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare } from "../tree.js";
import type { Context } from "../context.js";
import type { Doc } from "../doc.js";
import { effect } from "./assignments.js";
import { condition } from "./logic.js";

const tested = (node: AnyNode & { readonly test?: AnyNode | null }, cx: Context): Doc =>
  inner(node, cx, (child) => (child === node.test ? condition(child, cx) : undefined));

/** What `switch` compares by identity. */
export function primal(node: AnyNode, cx: Context): Doc {
  return isPlain(cx, node) ? recorded(node, cx) : operation(cx, "primal", [recorded(bare(node), cx)], node);
}

/** A declaration in the head of a loop, which no semicolon ends. */
const head = (node: AnyNode, cx: Context): Doc =>
  node.type === "VariableDeclaration" ? inner(node, cx) : effect(node, cx);

export const statements = {
  ExpressionStatement: (node, cx) => inner(node, cx, (child) => effect(child, cx)),
  IfStatement: tested,
  WhileStatement: tested,
  DoWhileStatement: tested,
  ForStatement: (node, cx) =>
    inner(node, cx, (child) => {
      if (child === node.test) return condition(child, cx);
      return child === node.init || child === node.update ? head(child, cx) : undefined;
    }),
  ForInStatement: (node, cx) =>
    inner(node, cx, (child) => (child === node.left ? head(child, cx) : undefined)),
  ForOfStatement: (node, cx) =>
    inner(node, cx, (child) => (child === node.left ? head(child, cx) : undefined)),
  SwitchStatement: (node, cx) =>
    inner(node, cx, (child) => (child === node.discriminant ? primal(child, cx) : undefined)),
  SwitchCase: (node, cx) => inner(node, cx, (child) => (child === node.test ? primal(child, cx) : undefined)),
} satisfies Rules;
