/** Functions inside a recorded body: they have one body, the recorded one. */
import type { Context, Frame } from "../context.js";
import { type Doc, raw } from "../doc.js";
import { directivesOf } from "../directives.js";
import { assemble, inner, recorded, type Rules } from "../print.js";
import type { AnyNode, FunctionNode, Of } from "../tree.js";

/** `let $t1, $t2;` */
export const declareTemporaries = ({ temporaries }: Frame): string =>
  temporaries.length === 0 ? "" : `let ${temporaries.join(", ")}; `;

/** The statements of a body on one line, after its directives. */
export function printStatements(statements: readonly AnyNode[], cx: Context): Doc {
  return statements.map((statement, i) => [i === 0 ? "" : " ", recorded(statement, cx)]);
}

function block(node: Of<"BlockStatement"> | Of<"StaticBlock">, cx: Context): Doc {
  const own = { ...cx, frame: { temporaries: [] } };
  const directives = directivesOf(node);
  const body = printStatements(node.body.slice(directives.length), own);
  return [
    node.type === "StaticBlock" ? "static { " : "{ ",
    directives.map(({ expression }) => [raw(expression.start, expression.end, "literal"), "; "]),
    declareTemporaries(own.frame),
    body,
    " }",
  ];
}

function expressionBody(node: AnyNode, cx: Context): Doc {
  const own = { ...cx, frame: { temporaries: [] } };
  const value = recorded(node, own);
  return own.frame.temporaries.length === 0
    ? value
    : ["{ ", declareTemporaries(own.frame), "return ", value, "; }"];
}

const single = (node: FunctionNode, cx: Context): Doc =>
  inner(node, cx, (child) => {
    if (child !== node.body) return undefined;
    return child.type === "BlockStatement" ? block(child, cx) : expressionBody(child, cx);
  });

/** `function f() {}` as `function () {}`, for an assignment that gives it its name. */
export const withoutName = (node: Of<"FunctionDeclaration">, cx: Context): Doc => {
  const [name, ...rest] = [node.id, ...node.params, node.body] as AnyNode[];
  return [
    raw(node.start, name!.start, "line"),
    assemble(
      { ...node, start: name!.end },
      (child) => (child === node.body ? block(node.body, cx) : recorded(child, cx)),
      "line",
      rest,
    ),
  ];
};

export const functions = {
  FunctionDeclaration: single,
  FunctionExpression: single,
  ArrowFunctionExpression: single,
  StaticBlock: block,
} satisfies Rules;
