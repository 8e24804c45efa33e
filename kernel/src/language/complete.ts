/** What may be written at a place in a cell. */
import { SyntaxKind } from "typescript/unstable/ast";
import { CompletionItemKind } from "typescript/unstable/sync";

import type { Completion, Completions } from "../core/ports.js";
import { bound, VALUE } from "./declarations.js";
import type { Placed, Session } from "./session.js";
import { type Loose, pathTo } from "./syntax.js";

/** The engine cannot list names in scope without an index of auto-imports, which its API does not build. */
const NO_NAMES = /needs auto imports/;

const KINDS: Partial<Record<CompletionItemKind, string>> = {
  [CompletionItemKind.Method]: "method",
  [CompletionItemKind.Function]: "function",
  [CompletionItemKind.Constructor]: "function",
  [CompletionItemKind.Field]: "property",
  [CompletionItemKind.Property]: "property",
  [CompletionItemKind.Variable]: "variable",
  [CompletionItemKind.Class]: "class",
  [CompletionItemKind.Interface]: "interface",
  [CompletionItemKind.Module]: "module",
  [CompletionItemKind.Enum]: "enum",
  [CompletionItemKind.EnumMember]: "constant",
  [CompletionItemKind.Constant]: "constant",
  [CompletionItemKind.Keyword]: "keyword",
  [CompletionItemKind.File]: "path",
  [CompletionItemKind.Folder]: "path",
  [CompletionItemKind.TypeParameter]: "type",
};

const KEYWORDS = (
  "abstract as async await break case catch class const continue debugger declare default delete do else enum export " +
  "extends false finally for from function if implements import in instanceof interface keyof let namespace new null of " +
  "override private protected public readonly return satisfies static super switch this throw true try type typeof " +
  "undefined using var void while with yield any bigint boolean never number object string symbol unknown"
).split(" ");

/** Names of types that are on no object, so that the engine does not list them with the globals. */
const UTILITY_TYPES = (
  "Awaited Exclude Extract InstanceType Iterable Iterator AsyncIterable NonNullable Omit Parameters Partial Pick Readonly " +
  "ReadonlyArray ReadonlyMap ReadonlySet Record Required ReturnType Uppercase Lowercase Capitalize Uncapitalize"
).split(" ");

const IDENTIFIER_END = /[\p{ID_Continue}$\u200c\u200d]*$/u;

interface Candidate extends Completion {
  /** Lower comes first. */
  readonly rank: number;
}

const NODE_TYPES: Partial<Record<SyntaxKind, string>> = {
  [SyntaxKind.FunctionDeclaration]: "function",
  [SyntaxKind.ClassDeclaration]: "class",
  [SyntaxKind.InterfaceDeclaration]: "interface",
  [SyntaxKind.TypeAliasDeclaration]: "type",
  [SyntaxKind.EnumDeclaration]: "enum",
  [SyntaxKind.ModuleDeclaration]: "module",
  [SyntaxKind.ImportEqualsDeclaration]: "class",
};

/** The names that a node brings into scope for what is inside it. */
function* namesOf(node: Loose, { file }: Placed): Generator<Completion> {
  const names = function* (of: Loose | undefined, type: string): Generator<Completion> {
    for (const { name } of bound(of, file, VALUE)) yield { text: name, type };
  };
  for (const parameter of node.parameters ?? []) yield* names(parameter.name, "param");
  for (const parameter of node.typeParameters ?? []) yield* names(parameter.name, "type");
  if (node.kind === SyntaxKind.FunctionExpression || node.kind === SyntaxKind.ClassExpression)
    yield* names(node.name, "function");
  for (const { name } of node.variableDeclaration ? [node.variableDeclaration] : [])
    yield* names(name, "variable");
  // A loop's own variables.
  for (const { name } of node.initializer?.declarations ?? []) yield* names(name, "variable");
  for (const statement of node.statements ?? []) {
    for (const { name } of statement.declarationList?.declarations ?? []) yield* names(name, "variable");
    const type = NODE_TYPES[statement.kind];
    if (type !== undefined) yield* names(statement.name, type);
    const clause = statement.importClause;
    yield* names(clause?.name, "module");
    yield* names(clause?.namedBindings?.name, "module");
    for (const { name } of clause?.namedBindings?.elements ?? []) yield* names(name, "variable");
  }
}

/** Names in scope, the nearest first. */
function inScope(session: Session, cell: Placed, position: number, prefix: string): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (candidates: Iterable<Completion>, rank: number): void => {
    for (const { text, type } of candidates)
      if (!found.has(text) && text !== "$") found.set(text, { text, type, rank });
  };
  const path = pathTo(cell.file, position);
  path.toReversed().forEach((node, i) => add(namesOf(node, cell), Math.min(i, 40)));
  if (prefix !== "") {
    add(
      KEYWORDS.map((text) => ({ text, type: "keyword" })),
      50,
    );
    add(session.globals(), 60);
    add(
      UTILITY_TYPES.map((text) => ({ text, type: "interface" })),
      61,
    );
  }
  // What is being declared right here is no suggestion for itself.
  found.delete(prefix);
  return [...found.values()];
}

function rankOf(candidate: Candidate, prefix: string): number {
  return candidate.rank + (candidate.text.startsWith(prefix) ? 0 : 1000);
}

/** What has been written of the string around a position; null outside of one. */
function stringPrefix({ file, text }: Placed, position: number): string | null {
  const node = pathTo(file, position).at(-1);
  if (node?.kind !== SyntaxKind.StringLiteral && node?.kind !== SyntaxKind.NoSubstitutionTemplateLiteral)
    return null;
  const begin = node.getStart(file) + 1;
  const closed = position === node.end && node.end - begin > 0 && text[node.end - 1] === text[begin - 1];
  return position < begin || closed ? null : text.slice(begin, position);
}

export function complete(session: Session, source: string, offset: number): Completions {
  const cell = session.place(-1, source, null);
  const position = cell.from + offset;
  const prefix = stringPrefix(cell, position) ?? IDENTIFIER_END.exec(source.slice(0, offset))![0];
  let start = offset - prefix.length;
  let candidates: Candidate[];
  try {
    const entries = session.engine.program((_program, checker) =>
      checker.getCompletionsAtPosition(cell.path, position, {}),
    )?.entries;
    // `maybe.|` becomes `maybe?.name`: there the text that is replaced begins at the dot.
    const optional = (entries ?? []).some(({ insertText }) => insertText?.startsWith("?."));
    if (optional) start -= 1;
    candidates = (entries ?? []).flatMap(({ name, kind, insertText, sortText, labelDetails }) => {
      const plain = insertText === undefined || insertText === name || insertText.startsWith("?.");
      if (!plain || labelDetails?.description !== undefined) return [];
      const text = optional ? (insertText ?? `.${name}`) : name;
      const type = (kind === undefined ? undefined : KINDS[kind]) ?? "variable";
      return [{ text, type, rank: Number.parseInt(sortText ?? "11") || 90 }];
    });
  } catch (error) {
    if (!(error instanceof Error && NO_NAMES.test(error.message))) throw error;
    candidates = inScope(session, cell, position, prefix);
  }
  if (prefix.includes("/") && !candidates.some(({ text }) => text.startsWith(prefix)))
    start = offset - prefix.length + prefix.lastIndexOf("/") + 1;
  const wanted = source.slice(start, offset).replace(/^\./, "").toLowerCase();
  const matches = candidates
    .filter(({ text }) =>
      text
        .replace(/^\??\.|^#/, "")
        .toLowerCase()
        .startsWith(wanted.replace(/^#/, "")),
    )
    .map((candidate) => ({ ...candidate, rank: rankOf(candidate, source.slice(start, offset)) }))
    .sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return { matches: matches.map(({ text, type }) => ({ text, type })), start, end: offset };
}
