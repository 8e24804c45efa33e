/** Emitted code made fit for a cell: names that the emitter made up become the cell's own, an enum starts anew. */
import type {
  CallExpression,
  ExpressionStatement,
  Identifier,
  ImportDeclaration,
  LogicalExpression,
  Node,
  Program,
  VariableDeclaration,
} from "acorn";
import MagicString from "magic-string";

import type { Emitted } from "./emit.js";
import { namesIn } from "./names.js";
import { parseCell, walk } from "./parse.js";
import type { LineMap } from "./positions.js";

interface Insertion {
  readonly at: number;
  readonly length: number;
}

const isFunction = (node: Node): boolean => /Function|StaticBlock/.test(node.type);

/** Names bound at the top level, `var`s of its blocks included. */
function boundNames(program: Program): Set<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type === "VariableDeclaration")
      for (const { id } of (node as VariableDeclaration).declarations)
        for (const name of namesIn(id)) names.add(name);
    if (node.type === "ImportDeclaration")
      for (const { local } of (node as ImportDeclaration).specifiers) names.add(local.name);
    return !isFunction(node);
  });
  return names;
}

/** Words of the source; esbuild makes up only names that are none of them. */
const wordsOf = (source: string): Set<string> => new Set(source.match(/[\p{ID_Continue}$]+/gu) ?? []);

/** Calls `visit` with every identifier that stands for a variable. */
function variables(program: Program, visit: (node: Identifier, parent: Node) => void): void {
  const go = (node: Node, parent: Node): void => {
    if (node.type === "Identifier") return visit(node as Identifier, parent);
    const { computed, property, key } = node as Node & { computed?: boolean; property?: Node; key?: Node };
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown]) {
        if (typeof child !== "object" || child === null || !("type" in child)) continue;
        if (!computed && (child === property || child === key)) continue;
        go(child as Node, node);
      }
  };
  go(program, program);
}

/** `A || {}`, which would go on with the enum of an earlier cell. */
function continued(node: Node | undefined): LogicalExpression | null {
  if (node?.type !== "CallExpression") return null;
  const [argument] = (node as CallExpression).arguments;
  if (argument?.type !== "LogicalExpression" || argument.operator !== "||") return null;
  return argument.left.type === "Identifier" ? argument : null;
}

function startAnew(program: Program, text: MagicString, insert: (at: number, what: string) => void): void {
  const begun = new Set<string>();
  program.body.forEach((statement, i) => {
    const node =
      statement.type === "ExportNamedDeclaration" && statement.declaration
        ? statement.declaration
        : statement;
    if (node.type === "ClassDeclaration" || node.type === "FunctionDeclaration") begun.add(node.id.name);
    if (node.type !== "VariableDeclaration" || node.kind !== "var") return;
    const [{ id, init } = {}] = node.declarations;
    if (id?.type !== "Identifier" || begun.has(id.name)) return;
    const next = program.body[i + 1];
    const argument = continued(init ?? (next as ExpressionStatement | undefined)?.expression);
    if ((argument?.left as Identifier | undefined)?.name !== id.name) return;
    begun.add(id.name);
    // `var E = (…)(E || {})` gets `{}`, in as many characters; `var N;` before `(…)(N || (N = {}))` gets a value.
    if (init) text.overwrite(argument!.start, argument!.end, "{}".padEnd(argument!.end - argument!.start));
    else insert(id.end, " = void 0");
  });
}

/** What the emitter adds after a class is not the cell's value. */
function endsInMachinery(program: Program, generated: ReadonlySet<string>): boolean {
  const last = program.body.at(-1);
  if (last?.type !== "ExpressionStatement") return false;
  const { expression } = last;
  const call = expression.type === "AssignmentExpression" ? expression.right : expression;
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return false;
  return call.callee.name.startsWith("__") && generated.has(call.callee.name);
}

function shiftColumns(lines: readonly LineMap[], code: string, insertions: readonly Insertion[]): LineMap[] {
  const starts = [0];
  for (let i = code.indexOf("\n"); i >= 0; i = code.indexOf("\n", i + 1)) starts.push(i + 1);
  const sorted = [...insertions].sort((a, b) => a.at - b.at);
  let next = 0;
  return lines.map((line, number) => {
    const start = starts[number] ?? Infinity;
    const end = starts[number + 1] ?? Infinity;
    const first = next;
    while (next < sorted.length && sorted[next]!.at < end) next++;
    if (first === next) return line;
    const here = sorted.slice(first, next);
    return line.map(([column, ...rest]) => {
      const moved = here.reduce((sum, { at, length }) => (at <= start + column! ? sum + length : sum), 0);
      return [column! + moved, ...rest];
    });
  });
}

/**
 * A helper of one cell must not be overwritten by that of the next, which functions of the first would then call.
 *
 * @param suffix what made-up names get, different for every cell
 */
export function ownNames(emitted: Emitted, source: string, suffix: string): Emitted {
  const program = parseCell(emitted.code);
  const words = wordsOf(source);
  const generated = new Set([...boundNames(program)].filter((name) => !words.has(name)));
  const text = new MagicString(emitted.code);
  const insertions: Insertion[] = [];
  const insert = (at: number, what: string): void => {
    text.appendLeft(at, what);
    insertions.push({ at, length: what.length });
  };
  startAnew(program, text, insert);
  const seen = new Set<number>();
  variables(program, (node, parent) => {
    if (!generated.has(node.name) || seen.has(node.start)) return;
    seen.add(node.start);
    const alone = parent.type === "ImportSpecifier" && node.start === parent.start && node.end === parent.end;
    insert(node.end, alone ? ` as ${node.name}${suffix}` : suffix);
  });
  // Not `var`: that would be a property of the global object.
  for (const node of program.body)
    if (node.type === "VariableDeclaration" && node.kind === "var")
      if (node.declarations.every(({ id }) => namesIn(id).every((name) => generated.has(name))))
        text.overwrite(node.start, node.start + 3, "let");
  if (endsInMachinery(program, generated)) text.append("void 0;");
  return { code: text.toString(), lines: shiftColumns(emitted.lines, emitted.code, insertions) };
}
