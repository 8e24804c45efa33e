/** The directive `"use ad"`: who says it. */
import type { AnyNode, FunctionNode, Of } from "./tree.js";

export const DIRECTIVE = "use ad";

/** The directive prologue of a body. */
export function directivesOf(body: AnyNode): readonly Of<"ExpressionStatement">[] {
  if (body.type !== "Program" && body.type !== "BlockStatement") return [];
  const end = body.body.findIndex(
    (statement) => statement.type !== "ExpressionStatement" || statement.directive === undefined,
  );
  return body.body.slice(0, end < 0 ? undefined : end) as Of<"ExpressionStatement">[];
}

const says = (body: AnyNode): boolean => directivesOf(body).some(({ directive }) => directive === DIRECTIVE);

export const isMarked = (node: FunctionNode | Of<"Program">): boolean =>
  says(node.type === "Program" ? node : node.body);
