/** The names that a pattern binds. */
import type { Pattern } from "acorn";

export function namesIn(pattern: Pattern | null | undefined): string[] {
  if (!pattern) return [];
  const names: string[] = [];
  const visit = (node: Pattern): void => {
    if (node.type === "Identifier") names.push(node.name);
    else if (node.type === "ObjectPattern")
      for (const property of node.properties)
        visit(property.type === "RestElement" ? property : property.value);
    else if (node.type === "ArrayPattern") {
      for (const element of node.elements) if (element) visit(element);
    } else if (node.type === "RestElement") visit(node.argument);
    else if (node.type === "AssignmentPattern") visit(node.left);
  };
  visit(pattern);
  return names;
}
