/** Calls: a function of Math records, and so does one that goes by another name. */
import { type Context, isPlain, operation, siteFirst } from "../context.js";
import { type Doc, join, raw } from "../doc.js";
import { fuse } from "../fuse.js";
import { ARITY } from "../functions-of-math.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare, isFunction, type Of, unwrapped } from "../tree.js";
import { TENSOR_METHODS } from "../tensor-methods.js";
import { nameInMath } from "./members.js";

/** Methods that compare numbers, or that would take a recorded one for true. */
const METHODS = new Set(["sort", "toSorted", "includes", "indexOf", "lastIndexOf"]);
const ASKING = new Set(["filter", "find", "findIndex", "findLast", "findLastIndex", "some", "every"]);
/** Functions of the language that take a number, and are often handed on: `xs.map(Number)`. */
const NATIVE = new Set(["Number", "Boolean", "String", "isNaN", "isFinite", "parseFloat", "parseInt"]);
const LISTS = /^(?:Array|(?:Float|Int|Uint|BigInt|BigUint)\d+(?:Clamped)?Array)$/;

/** Whether a `?.` further left may end the whole chain here. */
function isOptional(node: AnyNode): boolean {
  if (node.type === "MemberExpression") return node.optional || isOptional(node.object);
  if (node.type === "CallExpression") return node.optional || isOptional(node.callee);
  return false;
}

const isNative = (node: AnyNode, cx: Context): boolean =>
  node.type === "Identifier" && NATIVE.has(node.name) && cx.shared.kinds.isGlobal(node, node.name);

/** An argument: a native function is handed on as one that knows recorded numbers. */
function argument(node: AnyNode, cx: Context): Doc {
  return isNative(node, cx)
    ? siteFirst(cx, "fn", [raw(node.start, node.end, "line")], [], node)
    : recorded(node, cx);
}

/** A list with one recorded number for its length would be a list with that number in it. */
const isList = (callee: AnyNode, given: readonly AnyNode[], cx: Context): boolean =>
  callee.type === "Identifier" &&
  LISTS.test(callee.name) &&
  cx.shared.kinds.isGlobal(callee, callee.name) &&
  given.length === 1 &&
  given[0]!.type !== "SpreadElement" &&
  !isPlain(cx, given[0]!);

const lengthArgument = (node: AnyNode, cx: Context): Doc =>
  operation(cx, "index", [recorded(bare(node), cx)], node);

function callOfMath(name: string, node: Of<"CallExpression">, cx: Context): Doc | null {
  const arity = ARITY.get(name)!;
  const given = node.arguments;
  const spreads = given.some(({ type }) => type === "SpreadElement");
  if (!spreads && given.every((arg) => isPlain(cx, arg)))
    return inner(node, cx, (child) =>
      child === node.callee ? raw(child.start, child.end, "line") : undefined,
    );
  const statement = fuse(node, cx);
  if (statement) return statement;
  const args = given.map((arg) => recorded(bare(arg), cx));
  if (arity === Infinity && (spreads || given.length !== 2))
    return operation(cx, `${name}Of`, [["[", join(args, ", "), "]"]], node);
  if (spreads || given.length > arity) return null;
  return operation(cx, name, args, node);
}

/** Whether what is asked answers true or false, which needs no help. */
function answersPlainly(asked: AnyNode | undefined, cx: Context): boolean {
  return asked !== undefined && isFunction(asked) && asked.expression && isPlain(cx, asked.body);
}

function callOfMethod(callee: Of<"MemberExpression">, node: Of<"CallExpression">, cx: Context): Doc | null {
  const { object, property, computed } = callee;
  if (computed || property.type !== "Identifier" || object.type === "Super" || node.optional) return null;
  if (isOptional(callee)) return null;
  const { name } = property;
  const [first] = node.arguments;
  const isStatic =
    cx.shared.kinds.isGlobal(object, "Number") ||
    (name === "is" && cx.shared.kinds.isGlobal(object, "Object"));
  if (isStatic) {
    const fn = siteFirst(cx, "fn", [raw(callee.start, callee.end, "line")], [], node);
    return inner(node, cx, (child) => (child === callee ? fn : argument(child, cx)));
  }
  const matters =
    METHODS.has(name) ||
    TENSOR_METHODS.has(name) ||
    (ASKING.has(name) && !answersPlainly(first && unwrapped(first), cx)) ||
    (ARITY.has(name) &&
      !cx.shared.kinds.isGlobal(object, "console") &&
      !cx.shared.kinds.isGlobal(object, "Math"));
  if (!matters) return null;
  return siteFirst(
    cx,
    "method",
    [recorded(bare(object), cx), `"${name}"`],
    node.arguments.map((arg) => argument(arg, cx)),
    node,
  );
}

/** Whether the callee may be a native function by another name. */
function mayBeNative(callee: AnyNode, cx: Context): boolean {
  const node = unwrapped(callee);
  if (node.type === "MemberExpression" || node.type === "Super" || isOptional(node)) return false;
  if (node.type === "Identifier" && node.name === "eval") return false;
  return cx.shared.kinds.of(node) !== "function";
}

export const calls = {
  CallExpression(node, cx) {
    const { callee, arguments: given } = node;
    const name = node.optional ? null : nameInMath(callee, cx);
    const special =
      (name !== null && callOfMath(name, node, cx)) ||
      (callee.type === "MemberExpression" && name === null && callOfMethod(callee, node, cx));
    if (special) return special;
    const list = isList(callee, given, cx);
    return inner(node, cx, (child) => {
      if (child === callee)
        return mayBeNative(callee, cx)
          ? siteFirst(cx, "fn", [recorded(bare(callee), cx)], [], node)
          : undefined;
      return list ? lengthArgument(child, cx) : argument(child, cx);
    });
  },
  NewExpression(node, cx) {
    const list = isList(node.callee, node.arguments, cx);
    return inner(node, cx, (child) => {
      if (child === node.callee) return undefined;
      return list ? lengthArgument(child, cx) : argument(child, cx);
    });
  },
  // The template itself stays, so that its function sees the same pieces.
  TaggedTemplateExpression: (node, cx) =>
    inner(node, cx, (child) =>
      child === node.quasi
        ? inner(child, cx, (part) =>
            part.type === "TemplateElement" ? raw(part.start, part.end) : undefined,
          )
        : undefined,
    ),
} satisfies Rules;
