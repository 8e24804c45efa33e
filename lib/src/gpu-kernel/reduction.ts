/** Kernels that add up over one loop: Σᵢ g(i, …), and a function of that sum. */
import type { AnyNode, ForStatement } from "acorn";
import { kernelText, type Setting } from "./program.js";
import { expression } from "./expressions.js";
import { loop as writeLoop, loopParts } from "./statements.js";
import type { KernelSyntax } from "./syntax.js";
import type { Writer } from "./writer.js";

export interface Reduction {
  readonly loop: ForStatement;
  /** The loop's variable. */
  readonly variable: string;
  /** What is added up in. */
  readonly sum: string;
  /** Before the last statement of the loop: constants. */
  readonly before: readonly AnyNode[];
  /** What is added. */
  readonly term: AnyNode;
}

/** The one loop of a kernel, if its last statement adds to a variable; null for any other loop, or several. */
export function reductionOf({ body }: KernelSyntax): Reduction | null {
  const loops = body.filter((node) => node.type === "ForStatement");
  const loop = loops[0];
  if (loops.length !== 1 || !loop || loop.init?.type !== "VariableDeclaration") return null;
  const variable = loop.init.declarations[0]!.id;
  const statements: readonly AnyNode[] = loop.body.type === "BlockStatement" ? loop.body.body : [loop.body];
  const last = statements.at(-1);
  const before = statements.slice(0, -1);
  if (
    variable.type !== "Identifier" ||
    !before.every((node) => node.type === "VariableDeclaration" && node.kind === "const")
  )
    return null;
  const added = last && addition(last);
  // A term that reads the sum is no term of a sum.
  if (!added || mentions(added.term, added.sum) || before.some((node) => mentions(node, added.sum)))
    return null;
  return { loop, variable: variable.name, before, ...added };
}

/** `s += term`, `s = s + term`. */
function addition(node: AnyNode): { sum: string; term: AnyNode } | null {
  if (node.type !== "ExpressionStatement" || node.expression.type !== "AssignmentExpression") return null;
  const { left, right, operator } = node.expression;
  if (left.type !== "Identifier") return null;
  if (operator === "+=") return { sum: left.name, term: right };
  if (operator !== "=" || right.type !== "BinaryExpression" || right.operator !== "+") return null;
  return right.left.type === "Identifier" && right.left.name === left.name
    ? { sum: left.name, term: right.right }
    : null;
}

function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((part) => mentions(part, name));
  if (typeof node !== "object" || node === null) return false;
  const { type, name: own } = node as { type?: string; name?: string };
  if (type === "Identifier" && own === name) return true;
  return Object.values(node).some((part) => mentions(part, name));
}

/** How often the loop runs, where that is known: from 0, by one, up to a number. */
export function lengthOf({ loop, variable }: Reduction, setting: Setting): number | null {
  let length: number | null = null;
  kernelText(setting, {
    loop(node, writer) {
      const { start, test, update } = loopParts(node, writer);
      const byOne = update.type === "UpdateExpression" && update.operator === "++";
      const bound =
        test.type === "BinaryExpression" &&
        test.operator === "<" &&
        test.left.type === "Identifier" &&
        test.left.name === variable
          ? Number(expression(test.right, writer).v)
          : NaN;
      if (node === loop && byOne && Number(expression(start, writer).v) === 0 && Number.isInteger(bound))
        length = bound;
      writeLoop(node, writer);
      return true;
    },
  });
  return length;
}

/** The loop as it is written, with another tangent of the sum behind it. */
export const withSumTangent =
  ({ loop, sum }: Reduction, tangent: string) =>
  (node: ForStatement, writer: Writer): boolean => {
    if (node !== loop) return false;
    writeLoop(node, writer);
    writer.lines.push(`${writer.lookup(sum)!.name}_d = ${tangent};`);
    return true;
  };
