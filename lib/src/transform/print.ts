/** The recorded form of a node: its rule where there is one, else its text with its children's recorded forms. */
import type { Context } from "./context.js";
import { type Doc, raw } from "./doc.js";
import { assignments } from "./rules/assignments.js";
import { calls } from "./rules/calls.js";
import { functions } from "./rules/functions.js";
import { logic } from "./rules/logic.js";
import { members } from "./rules/members.js";
import { operators } from "./rules/operators.js";
import { statements } from "./rules/statements.js";
import { type AnyNode, childrenOf, type Kind, type Of } from "./tree.js";

export type Rules = { readonly [K in Kind]?: (node: Of<K>, cx: Context) => Doc };

/** Made when it is first needed, because the rules print their parts by it. */
let table: Rules | undefined;
const rules = (): Rules =>
  (table ??= { ...operators, ...logic, ...assignments, ...members, ...calls, ...functions, ...statements });

/** Statements that a line break may end; on one line they need a semicolon. */
const ENDED = new Set<Kind>([
  "ExpressionStatement",
  "VariableDeclaration",
  "ReturnStatement",
  "ThrowStatement",
  "BreakStatement",
  "ContinueStatement",
  "DebuggerStatement",
  "DoWhileStatement",
  "PropertyDefinition",
]);
const LITERAL = new Set<Kind>(["Literal", "TemplateElement"]);

/** Text and children as they are; line breaks are kept where functions are printed in place. */
export function assemble(
  node: AnyNode,
  print: (child: AnyNode) => Doc,
  as: "is" | "line",
  children: readonly AnyNode[] = childrenOf(node),
): Doc {
  const docs: Doc[] = [];
  let at = node.start;
  for (const child of children) {
    docs.push(raw(at, child.start, as), print(child));
    at = child.end;
  }
  docs.push(raw(at, node.end, as));
  return docs;
}

/** The recorded form without the node's own rule, with another form for some of its children. */
export function inner(node: AnyNode, cx: Context, other?: (child: AnyNode) => Doc | undefined): Doc {
  if (LITERAL.has(node.type)) return raw(node.start, node.end, "literal");
  return assemble(node, (child) => other?.(child) ?? recorded(child, cx), "line");
}

export function recorded(node: AnyNode, cx: Context): Doc {
  const rule = rules()[node.type] as ((node: AnyNode, cx: Context) => Doc) | undefined;
  const doc = rule ? rule(node, cx) : inner(node, cx);
  return ENDED.has(node.type) && cx.shared.source[node.end - 1] !== ";" ? [doc, ";"] : doc;
}
