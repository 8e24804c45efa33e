/** The names that a pattern binds. */
import type { AnyNode } from "./tree.js";

/** One row a kind of pattern: the patterns in it. */
const parts: { readonly [kind: string]: (node: never) => readonly (AnyNode | null)[] } = {
  ObjectPattern: (node: Extract<AnyNode, { type: "ObjectPattern" }>) =>
    node.properties.map((property) => (property.type === "RestElement" ? property : property.value)),
  ArrayPattern: (node: Extract<AnyNode, { type: "ArrayPattern" }>) => node.elements,
  RestElement: (node: Extract<AnyNode, { type: "RestElement" }>) => [node.argument],
  AssignmentPattern: (node: Extract<AnyNode, { type: "AssignmentPattern" }>) => [node.left],
  ParenthesizedExpression: (node: Extract<AnyNode, { type: "ParenthesizedExpression" }>) => [node.expression],
};

export function namesIn(pattern: AnyNode | null | undefined): string[] {
  if (!pattern) return [];
  if (pattern.type === "Identifier") return [pattern.name];
  return (parts[pattern.type]?.(pattern as never) ?? []).flatMap(namesIn);
}
