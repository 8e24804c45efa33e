/** The expressions that a kernel may have: a row for each kind of node. */
import type { AnyNode } from "acorn";
import { callOf, choice, combine, negated, power } from "./arithmetic.js";
import { deviceFunctions } from "./functions.js";
import type { Dual, Handlers, Writer } from "./writer.js";

const comparisons: Readonly<Record<string, string>> = {
  "<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "===": "==", "!=": "!=", "!==": "!=",
}; // prettier-ignore

const expressions: Handlers<Dual> = {
  Literal(node, writer) {
    if (typeof node.value === "number") return { v: String(node.value), d: null };
    if (typeof node.value === "boolean") return { v: node.value ? "1" : "0", d: null };
    return writer.fail(node, "a gpuKernel computes with numbers");
  },
  Identifier(node, writer) {
    const variable = writer.lookup(node.name);
    if (variable) return { v: variable.name, d: variable.active ? `${variable.name}_d` : null };
    if (writer.syntax.parameters.includes(node.name)) return writer.around.element(node.name, [], []);
    return writer.fail(
      node,
      `"${node.name}" is neither a parameter nor a variable of the kernel; pass it, or give it as a constant`,
    );
  },
  ParenthesizedExpression: (node, writer) => expression(node.expression, writer),
  UnaryExpression(node, writer) {
    const value = expression(node.argument, writer);
    if (node.operator === "+") return value;
    if (node.operator === "-") return negated(writer, value);
    return writer.fail(node, `a gpuKernel has no operator ${node.operator} here`);
  },
  BinaryExpression(node, writer) {
    const [a, b] = [expression(node.left as AnyNode, writer), expression(node.right, writer)];
    const comparison = comparisons[node.operator];
    if (comparison) return { v: writer.named(`(${a.v} ${comparison} ${b.v} ? 1 : 0)`), d: null };
    return combine(writer, node.operator, a, b, node);
  },
  ConditionalExpression: (node, writer) =>
    choice(writer, condition(node.test, writer), expression(node.consequent, writer), expression(node.alternate, writer)), // prettier-ignore
  MemberExpression(node, writer) {
    const object = node.object as AnyNode;
    if (!node.computed && node.property.type === "Identifier") {
      const { name } = node.property;
      if (object.type === "Identifier" && object.name === "Math" && typeof Math[name as "PI"] === "number")
        return { v: String(Math[name as "PI"]), d: null };
      const group =
        object.type === "MemberExpression" && object.object.type === "ThisExpression"
          ? object.property
          : null;
      if (group?.type === "Identifier") {
        const text = writer.around.property(group.name, name);
        return text === undefined
          ? writer.fail(node, "there is no such property of a kernel")
          : { v: text, d: null };
      }
    }
    return element(node, writer);
  },
  CallExpression(node, writer) {
    const { callee } = node;
    const isMath =
      callee.type === "MemberExpression" &&
      callee.object.type === "Identifier" &&
      callee.object.name === "Math";
    const name = isMath && callee.property.type === "Identifier" ? callee.property.name : "";
    if (deviceFunctions.get(name)?.arity !== node.arguments.length)
      writer.fail(
        node,
        "a gpuKernel may call the functions of Math that have a derivative, with as many arguments as they have",
      );
    const args = node.arguments.map((argument) => expression(argument, writer));
    return name === "pow" ? power(writer, args[0]!, args[1]!) : callOf(writer, name, args);
  },
};

/** a[i][j], of a parameter. */
function element(node: AnyNode, writer: Writer): Dual {
  const path: AnyNode[] = [];
  let at = node;
  for (; at.type === "MemberExpression" && at.computed; at = at.object as AnyNode)
    path.unshift(at.property as AnyNode);
  if (at.type !== "Identifier" || !writer.syntax.parameters.includes(at.name))
    return writer.fail(node, "only parameters have elements");
  const index = path.map((each) => expression(each, writer).v);
  return writer.around.element(at.name, index, path);
}

export function expression(node: AnyNode, writer: Writer): Dual {
  const handler = expressions[node.type] as ((node: AnyNode, writer: Writer) => Dual) | undefined;
  return handler ? handler(node, writer) : writer.fail(node, `a gpuKernel has no ${node.type} here`);
}

const conditions: Handlers<string | null> = {
  BinaryExpression(node, writer) {
    const comparison = comparisons[node.operator];
    return comparison
      ? `${expression(node.left as AnyNode, writer).v} ${comparison} ${expression(node.right, writer).v}`
      : null;
  },
  LogicalExpression: (node, writer) =>
    node.operator === "??"
      ? null
      : `(${condition(node.left, writer)}) ${node.operator} (${condition(node.right, writer)})`,
  UnaryExpression: (node, writer) =>
    node.operator === "!" ? `!(${condition(node.argument, writer)})` : null,
  ParenthesizedExpression: (node, writer) => condition(node.expression, writer),
};

/** What may stand in an if: a comparison, several, or a number that is not 0. */
export function condition(node: AnyNode, writer: Writer): string {
  const handler = conditions[node.type] as ((node: AnyNode, writer: Writer) => string | null) | undefined;
  return handler?.(node, writer) ?? `${expression(node, writer).v} != 0`;
}
