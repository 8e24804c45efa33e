/** The syntax tree: how to parse it, and how to walk it in the order of the text. */
import { type AnyNode, Parser } from "acorn";

export type { AnyNode } from "acorn";
export type Kind = AnyNode["type"];
/** The node of a kind. */
export type Of<K extends Kind> = Extract<AnyNode, { type: K }>;
export type FunctionNode =
  Of<"FunctionDeclaration"> | Of<"FunctionExpression"> | Of<"ArrowFunctionExpression">;

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Tree {
  readonly program: Of<"Program">;
  /** In order. */
  readonly comments: readonly Range[];
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as AnyNode).type === "string" &&
  typeof (value as AnyNode).start === "number";

export const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

/** Children in the order of the text; of `{a}` and `import {a}`, where two of them are one text, one alone. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name === "key" && node.type === "Property" && node.shorthand) continue;
    if (Array.isArray(value)) found.push(...(value as unknown[]).filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  return found.filter(({ start, end }, i) => start !== found[i - 1]?.start || end !== found[i - 1]?.end);
}

/** Call `visit` on every node below `root`; it returns false where the walk shall not go deeper. */
export function walk(root: AnyNode, visit: (node: AnyNode) => boolean): void {
  if (visit(root)) for (const child of childrenOf(root)) walk(child, visit);
}

/** What stands in parentheses; a comma expression keeps them, because it needs them. */
export function bare<N extends AnyNode>(node: N): AnyNode {
  let inner: AnyNode = node;
  while (inner.type === "ParenthesizedExpression") inner = inner.expression;
  return inner.type === "SequenceExpression" ? node : inner;
}

/** What stands in parentheses, whatever it is. */
export function unwrapped(node: AnyNode): AnyNode {
  return node.type === "ParenthesizedExpression" ? unwrapped(node.expression) : node;
}

export type SourceType = "module" | "script";

/** A cell may export what another one has declared. */
const TextParser = Parser.extend(
  (Base) =>
    class extends Base {
      checkLocalExport(): void {}
    },
);

/** @throws SyntaxError (acorn's, with `loc`) */
export function parseTree(source: string, sourceType: SourceType): Tree {
  const comments: Range[] = [];
  const program = TextParser.parse(source, {
    ecmaVersion: "latest",
    sourceType,
    preserveParens: true,
    allowHashBang: true,
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: sourceType === "script",
    allowSuperOutsideMethod: true,
    checkPrivateFields: false,
    onComment: (_block, _text, start, end) => comments.push({ start, end }),
  });
  return { program, comments };
}
