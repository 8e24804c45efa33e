/** The text where it stands: each function gets a recorded body beside its own, each other expression a recorded form. */
import type { Context, Frame } from "./context.js";
import { apart } from "./apart.js";
import { directivesOf, isMarked } from "./directives.js";
import { type Doc, raw } from "./doc.js";
import { assemble, recorded } from "./print.js";
import { effect } from "./rules/assignments.js";
import { declareTemporaries } from "./rules/functions.js";
import { recordedBody } from "./recorded-body.js";
import { condition } from "./rules/logic.js";
import { primal } from "./rules/statements.js";
import { unboxedBody } from "./unboxed/body.js";
import { type AnyNode, type FunctionNode, isFunction, type Kind, walk } from "./tree.js";

/**
 * What records here: `none` of it, but for functions that say so; the `functions` and classes, in the plain body of
 * one that has a recorded body as well; or `all`, at the top level of a text that says so.
 */
export type Extent = "none" | "functions" | "all";

/** The text as it is, with functions that record. */
export function inPlace(node: AnyNode, cx: Context, extent: Extent): Doc {
  if (isFunction(node))
    return extent === "none" && !isMarked(node) ? as(node, cx, extent) : withTwin(node, cx);
  return as(node, cx, extent);
}

const as = (node: AnyNode, cx: Context, extent: Extent): Doc =>
  assemble(node, (child) => childInPlace(node, child, cx, extent), "is");

type Printer = (node: AnyNode, cx: Context) => Doc;

/** Children that are not printed as values: one row a kind of parent. */
const roles: { readonly [kind in Kind]?: Readonly<Record<string, Printer>> } = {
  IfStatement: { test: condition },
  WhileStatement: { test: condition },
  DoWhileStatement: { test: condition },
  ForStatement: { test: condition, update: effect, init: effect },
  SwitchStatement: { discriminant: primal },
  SwitchCase: { test: primal },
};
/** Children that are values to be computed, by the kind of their parent. */
const values: { readonly [kind in Kind]?: readonly string[] } = {
  ...Object.fromEntries(Object.entries(roles).map(([kind, row]) => [kind, Object.keys(row)])),
  ExpressionStatement: ["expression"],
  VariableDeclarator: ["init"],
  ReturnStatement: ["argument"],
  ThrowStatement: ["argument"],
  ForOfStatement: ["right"],
  ForInStatement: ["right"],
  AssignmentPattern: ["right"],
  PropertyDefinition: ["value"],
  ExportDefaultDeclaration: ["declaration"],
};

/** Values that are computed later than what is around them, or before a function's body. */
const BY_THEMSELVES = new Set<Kind>(["AssignmentPattern", "PropertyDefinition"]);

function childInPlace(parent: AnyNode, child: AnyNode, cx: Context, extent: Extent): Doc {
  const fields = parent as unknown as Readonly<Record<string, unknown>>;
  const role = values[parent.type]?.find((name) => fields[name] === child);
  const here = extent === "all" || (extent === "functions" && BY_THEMSELVES.has(parent.type));
  if (!here || role === undefined || /(?:Declaration|Class\w+)$/.test(child.type))
    return inPlace(child, cx, extent);
  return eitherWay(child, cx, roles[parent.type]?.[role] ?? recorded);
}

/** `$ad.recording === 0 ? a * b : $ad.ops.mul(a, b, $s)`; as it is where it has no operation of its own. */
function eitherWay(node: AnyNode, cx: Context, print: Printer): Doc {
  if (!hasOwnOperations(node, cx, print)) return inPlace(node, cx, "functions");
  const needsParentheses = node.type === "SequenceExpression";
  const form = print(node, cx);
  const plain = inPlace(node, cx, "functions");
  const [open, close] = needsParentheses ? ["(", ")"] : ["", ""];
  return [`${cx.shared.names.runtime}.recording === 0 ? `, open, plain, close, " : ", open, form, close];
}

/** Whether something is recorded here, and not only by the functions in it. */
function hasOwnOperations(node: AnyNode, cx: Context, print: Printer): boolean {
  if (isFunction(node)) return false;
  const trial: Context = {
    ...cx,
    frame: { temporaries: [] },
    shared: { ...cx.shared, sites: new Map(cx.shared.sites), fused: new Map(cx.shared.fused) },
  };
  const before = trial.shared.operations;
  print(node, trial);
  const all = trial.shared.operations - before;
  if (all === 0) return false;
  let ofFunctions = 0;
  walk(node, (inside) => {
    if (!isFunction(inside)) return true;
    const start = trial.shared.operations;
    recorded(inside, trial);
    ofFunctions += trial.shared.operations - start;
    return false;
  });
  return all > ofFunctions;
}

/** A function with two bodies: one for when a tape records, and its own. */
const withTwin = (node: FunctionNode, cx: Context): Doc =>
  assemble(node, (child) => (child === node.body ? bothBodies(node, cx) : parameter(child, cx)), "is");

/** Defaults are evaluated before the body, in either way. */
const parameter = (node: AnyNode, cx: Context): Doc => inPlace(node, cx, "functions");

function bothBodies(node: FunctionNode, cx: Context): Doc {
  const { body } = node;
  if (!hasOwnOperations(body, cx, recorded)) return inPlace(body, cx, "functions");
  const frame: Frame = { temporaries: [] };
  const inside: Context = { ...cx, ops: cx.shared.names.ops, frame };
  if (body.type !== "BlockStatement") {
    const value = recorded(body, inside);
    return [
      "{ ",
      whenRecording(node, cx, frame, ["return ", value, ";"], unboxedBody(node, null, inside)),
      " return ",
      inPlace(body, cx, "functions"),
      "; }",
    ];
  }
  const directives = directivesOf(body);
  const last = directives.at(-1);
  const at = last?.end ?? body.start + 1;
  const needsEnd = last !== undefined && cx.shared.source[at - 1] !== ";";
  const statements = body.body.slice(directives.length);
  const printed = recordedBody(body, statements, inside);
  const ending = statements.at(-1)?.type === "ReturnStatement" ? "" : " return;";
  return [
    raw(body.start, at),
    needsEnd ? ";" : "",
    " ",
    whenRecording(node, cx, frame, [printed, ending], unboxedBody(node, statements, inside)),
    assemble({ ...body, start: at }, (child) => inPlace(child, cx, "functions"), "is", statements),
  ];
}

/** The directives are at the front; the recorded body comes first, so that the plain one is the function's own. */
const whenRecording = (
  node: FunctionNode,
  { shared: { names } }: Context,
  frame: Frame,
  body: Doc,
  unboxed: Doc | null,
): Doc => [
  `if (${names.runtime}.recording !== 0) { `,
  apart(node, [
    unboxed ?? "",
    `const ${names.ops} = ${names.runtime}.ops; `,
    declareTemporaries(frame),
    body,
  ]),
  " }",
];
