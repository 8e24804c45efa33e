/**
 * A body for a tape of fused statements in which a recorded number is two variables, its value and its node: no object is made
 * and no type asked for what stays in the function's own variables. It is there for functions of ordinary arithmetic that
 * call nothing but Math; it is given up, before it has changed anything, where it meets what is neither a number nor on the tape.
 */
import { STATEMENT } from "../../tape/kinds.js";
import type { Context } from "../context.js";
import type { Doc } from "../doc.js";
import { type AnyNode, type FunctionNode, isFunction, walk } from "../tree.js";
import { Emitter, NotUnboxed } from "./emitter.js";
import { columns } from "./number-expressions.js";
import { numericVariables } from "./numeric-variables.js";
import { statement } from "./statements.js";

/** What a function must not have; what else it must not have, the statements' table knows. */
function isExcluded(node: FunctionNode): boolean {
  let found =
    Boolean(node.async) || Boolean(node.generator) || node.params.some(({ type }) => type !== "Identifier");
  walk(node.body, (inside) => {
    found ||= isFunction(inside) || inside.type === "ClassExpression" || inside.type === "ClassDeclaration";
    found ||= inside.type === "Identifier" && inside.name === "arguments";
    return !found;
  });
  return found;
}

/** @returns null where the function cannot have such a body */
export function unboxedBody(
  node: FunctionNode,
  statements: readonly AnyNode[] | null,
  cx: Context,
): Doc | null {
  if (isExcluded(node)) return null;
  const emit = new Emitter(cx, node, numericVariables(node, cx));
  const n = (what: string) => emit.name(what);
  try {
    for (const param of node.params) {
      const variable = emit.variable(param);
      if (variable)
        emit.head.push(emit.unboxing((param as { name: string }).name, variable.value, variable.id), " ");
    }
    for (const each of statements ?? [returning(node.body)]) statement(each, emit);
  } catch (error) {
    if (error instanceof NotUnboxed) return null;
    throw error;
  }
  // Where the last statement returns, nothing comes after it.
  const ending = statements === null || statements.at(-1)?.type === "ReturnStatement";
  return [
    `const ${n("t")} = ${cx.shared.names.runtime}.fused; ${n("")}: if (${n("t")}) { `,
    emit.head,
    `let ${["A", "W", "O", "F", "G", "C", "D"].map(n).join(", ")}; ${columns(emit)} `,
    `let ${n("n")} = ${n("t")}.argCount, ${n("k")} = ${n("t")}.length; const ${n("z")} = ${n("k")}, ${n("S")} = ${STATEMENT}; `,
    emit.docs,
    ending ? "" : `${emit.undisturbed()} return; `,
    "} ",
  ];
}

/** The body of an arrow function that is an expression. */
const returning = (argument: AnyNode): AnyNode =>
  ({ type: "ReturnStatement", argument, start: argument.start, end: argument.end }) as AnyNode;
