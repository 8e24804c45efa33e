/** Operators on numbers. */
import { type Context, isPlain, operation } from "../context.js";
import type { Doc } from "../doc.js";
import { fuse } from "../fuse.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare, unwrapped } from "../tree.js";
import { condition } from "./logic.js";

/** Operators whose operation is called as the field calls it. */
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "**": "pow",
};
const COMPARISON: Readonly<Record<string, string>> = {
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "==": "looseEq",
  "!=": "looseNe",
  "===": "strictEq",
  "!==": "strictNe",
};
const BITS: Readonly<Record<string, string>> = {
  "&": "bitAnd",
  "|": "bitOr",
  "^": "bitXor",
  "<<": "shiftLeft",
  ">>": "shiftRight",
  ">>>": "shiftRightUnsigned",
};
const BINARY: Readonly<Record<string, string>> = { ...ARITHMETIC, ...COMPARISON, ...BITS };
const UNARY: Readonly<Record<string, string>> = { "-": "neg", "+": "plus", "~": "bitNot" };

/** `a op b`, where one of them may be recorded. */
export function arithmetic(cx: Context, operator: string, args: readonly [Doc, Doc], node: AnyNode): Doc {
  return operation(cx, BINARY[operator]!, args, node);
}

/** What no number is identical to, recorded or not. */
function isNoNumber(cx: Context, given: AnyNode, strict: boolean): boolean {
  const node = unwrapped(given);
  if (cx.shared.kinds.isGlobal(node, "undefined")) return true;
  if (node.type === "Literal") return node.value === null || (strict && typeof node.value !== "number");
  return (
    strict &&
    (node.type === "TemplateLiteral" || (node.type === "UnaryExpression" && node.operator === "typeof"))
  );
}

export const operators = {
  BinaryExpression(node, cx) {
    const { operator, left, right } = node;
    if (operator === "instanceof" || left.type === "PrivateIdentifier") return inner(node, cx);
    if (operator === "in")
      return inner(node, cx, (child) =>
        child === left && !isPlain(cx, left)
          ? operation(cx, "index", [recorded(bare(left), cx)], left)
          : undefined,
      );
    if (isPlain(cx, left) && isPlain(cx, right)) return inner(node, cx);
    const statement = fuse(node, cx);
    if (statement) return statement;
    const strict = operator.length === 3;
    if (/^[!=]==?$/.test(operator) && (isNoNumber(cx, left, strict) || isNoNumber(cx, right, strict)))
      return inner(node, cx);
    return arithmetic(cx, operator, [recorded(bare(left), cx), recorded(bare(right), cx)], node);
  },
  UnaryExpression(node, cx) {
    const { operator, argument } = node;
    if (operator === "!") return inner(node, cx, (child) => condition(child, cx));
    if (isPlain(cx, argument)) return inner(node, cx);
    const statement = operator === "-" ? fuse(node, cx) : null;
    if (statement) return statement;
    const printed = () => recorded(bare(argument), cx);
    if (UNARY[operator]) return operation(cx, UNARY[operator], [printed()], node);
    // `typeof` of a name that nobody has declared is "undefined", and no error.
    const typed = unwrapped(argument);
    const isDeclared = typed.type !== "Identifier" || cx.shared.scopes.bindingOf(typed) !== undefined;
    if (operator === "typeof" && isDeclared) return operation(cx, "typeOf", [printed()], node);
    return inner(node, cx);
  },
} satisfies Rules;
