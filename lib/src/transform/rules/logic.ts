/** Conditions: a recorded number is an object, which JavaScript by itself would take for true. */
import { type Context, isPlain, operation, temporary } from "../context.js";
import type { Doc } from "../doc.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare } from "../tree.js";

/** The recorded form of what only decides between two ways. */
export function condition(node: AnyNode, cx: Context): Doc {
  if (node.type === "ParenthesizedExpression") return inner(node, cx, (child) => condition(child, cx));
  if (node.type === "LogicalExpression" && node.operator !== "??")
    return inner(node, cx, (child) => condition(child, cx));
  if (isPlain(cx, node)) return recorded(node, cx);
  return operation(cx, "truthy", [recorded(bare(node), cx)], node);
}

/** `truthy(t = value) ? … : …`, with the value evaluated once. */
export function choose(
  cx: Context,
  value: Doc,
  node: AnyNode,
  branches: (value: string) => readonly [Doc, Doc],
): Doc {
  const name = temporary(cx);
  const test = operation(cx, "truthy", [[`${name} = `, value]], node);
  const [yes, no] = branches(name);
  return ["(", test, " ? ", yes, " : ", no, ")"];
}

export const logic = {
  LogicalExpression(node, cx) {
    const { operator, left, right } = node;
    if (operator === "??" || isPlain(cx, left)) return inner(node, cx);
    return choose(cx, recorded(bare(left), cx), left, (value) =>
      operator === "&&" ? [recorded(right, cx), value] : [value, recorded(right, cx)],
    );
  },
  ConditionalExpression: (node, cx) =>
    inner(node, cx, (child) => (child === node.test ? condition(child, cx) : undefined)),
} satisfies Rules;
