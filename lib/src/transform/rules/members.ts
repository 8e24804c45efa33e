/** Properties: an index must be an ordinary number, and a function of Math is one that can record. */
import { type Context, isPlain, operation, siteFirst } from "../context.js";
import { type Doc, raw } from "../doc.js";
import { ARITY } from "../functions-of-math.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare, type Of } from "../tree.js";

/** The key of `a[key]`. */
export function indexed(key: AnyNode, cx: Context): Doc {
  if (isPlain(cx, key)) return recorded(key, cx);
  return operation(cx, "index", [recorded(bare(key), cx)], key);
}

/** The name of a function of Math, where the node is one: `Math.exp`. */
export function nameInMath(node: AnyNode, cx: Context): string | null {
  if (node.type !== "MemberExpression" || node.computed || node.optional) return null;
  const { object, property } = node;
  if (!cx.shared.kinds.isGlobal(object, "Math") || property.type !== "Identifier") return null;
  return ARITY.has(property.name) ? property.name : null;
}

const keyed = (node: Of<"Property"> | Of<"MethodDefinition"> | Of<"PropertyDefinition">, cx: Context): Doc =>
  inner(node, cx, (child) => {
    if (child !== node.key) return undefined;
    return node.computed ? indexed(child, cx) : raw(child.start, child.end, "line");
  });

export const members = {
  MemberExpression(node, cx) {
    if (nameInMath(node, cx) !== null)
      return siteFirst(cx, "fn", [raw(node.start, node.end, "line")], [], node);
    return inner(node, cx, (child) => {
      if (child !== node.property) return undefined;
      return node.computed ? indexed(child, cx) : raw(child.start, child.end, "line");
    });
  },
  Property: keyed,
  MethodDefinition: keyed,
  PropertyDefinition: keyed,
} satisfies Rules;
