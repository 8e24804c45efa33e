/** A function's statements as a block of their own, which a recorded body is. */
import type { Context } from "./context.js";
import type { Doc } from "./doc.js";
import { namesIn } from "./patterns.js";
import { printStatements, withoutName } from "./rules/functions.js";
import { type AnyNode, isFunction, type Of, walk } from "./tree.js";

type NamedFunction = Of<"FunctionDeclaration"> & { readonly id: Of<"Identifier"> };

const isNamedFunction = (node: AnyNode): node is NamedFunction =>
  node.type === "FunctionDeclaration" && node.id !== null;

function varsOf(body: AnyNode): string[] {
  const names: string[] = [];
  walk(body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      names.push(...node.declarations.flatMap(({ id }) => namesIn(id)));
    return true;
  });
  return names;
}

/**
 * In a block a function may not have the name of another one, nor of a `var`, as it may in a function's body: such a
 * function becomes the first value of a `var`.
 */
export function recordedBody(body: AnyNode, statements: readonly AnyNode[], cx: Context): Doc {
  const declared = statements.filter(isNamedFunction);
  const taken = declared.length === 0 ? [] : [...varsOf(body), ...declared.map(({ id }) => id.name)];
  const clashing = declared.filter(({ id }) => taken.filter((name) => name === id.name).length > 1);
  if (clashing.length === 0) return printStatements(statements, cx);
  const last = new Map(clashing.map((node) => [node.id.name, node]));
  const rest = statements.filter((node) => !(isNamedFunction(node) && clashing.includes(node)));
  return [
    [...last].map(([name, node]) => [`var ${name} = `, withoutName(node, cx), "; "]),
    printStatements(rest, cx),
  ];
}
