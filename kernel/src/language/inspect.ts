/** What a name in a cell means: its signature, its documentation, its source. */
import { SyntaxKind } from "typescript/unstable/ast";
import {
  type Checker,
  NodeBuilderFlags,
  type Project,
  SignatureKind,
  SymbolFlags,
} from "typescript/unstable/sync";

import type { Inspection } from "../core/ports.js";
import { readable } from "./diagnostics.js";
import type { Placed, Session } from "./session.js";
import { type Loose, pathTo } from "./syntax.js";

/** The engine's symbols; its own name for them is that of a global. */
type TypeSymbol = Parameters<Checker["getAliasedSymbol"]>[0];

const PRINT = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;
const MAX_OVERLOADS = 8;
const LONGEST_TYPE = 3000;
const LONGEST_SOURCE = 20_000;

/** The name at a position, or else the function in whose parentheses it is. */
function target({ file }: Placed, position: number): Loose | null {
  const path = pathTo(file, position);
  const innermost = path.at(-1);
  const isName =
    innermost?.kind === SyntaxKind.Identifier || innermost?.kind === SyntaxKind.PrivateIdentifier;
  if (innermost !== undefined && isName && innermost.getStart(file) <= position) return innermost;
  // An argument that is still to be written may be beyond the end of an open call.
  const written = file.text.slice(0, position).trimEnd().length;
  for (const node of [...path, ...pathTo(file, written)].toReversed()) {
    const isCall = node.kind === SyntaxKind.CallExpression || node.kind === SyntaxKind.NewExpression;
    if (!isCall || node.expression === undefined || written <= node.expression.end) continue;
    const callee = node.expression;
    return callee.kind === SyntaxKind.PropertyAccessExpression ? (callee.name ?? null) : callee;
  }
  return null;
}

function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} …`;
}

type Callable = ReturnType<Checker["getSignaturesOfType"]>[number];

/** `name(x: number): string`; nothing when the engine cannot print it. */
function callable({ checker, emitter }: Project, one: Callable, name: string): string[] {
  const node = checker.signatureToSignatureDeclaration(one, SyntaxKind.CallSignature, undefined, PRINT);
  if (node === undefined) return [];
  const text = emitter
    .printNode(node)
    .replace(/;\s*$/, "")
    .replace(/\s*\n\s*/g, " ");
  return [name + text];
}

/** `function f(x: number): string`, `const a: A`, `interface P`, …; one line for each overload. */
function signature(
  project: Project,
  symbol: TypeSymbol,
  declaredAs: string | undefined,
  written: string | null,
): string {
  const { checker } = project;
  const { flags, name } = symbol;
  if (flags & SymbolFlags.Interface || flags & SymbolFlags.TypeAlias || flags & SymbolFlags.TypeParameter) {
    if (flags & SymbolFlags.TypeAlias) {
      const type = checker.typeToString(
        checker.getDeclaredTypeOfSymbol(symbol),
        undefined,
        PRINT | NodeBuilderFlags.InTypeAlias,
      );
      return type === name ? `type ${name}` : `type ${name} = ${clipped(type, LONGEST_TYPE)}`;
    }
    // A global such as Array is an interface and a variable; the interface says more.
    if (
      !(flags & SymbolFlags.Variable) &&
      flags & SymbolFlags.Interface &&
      written !== null &&
      written.length < 1500
    )
      return written;
    if (!(flags & SymbolFlags.Variable))
      return flags & SymbolFlags.Interface ? `interface ${name}` : `type ${name}`;
  }
  if (flags & SymbolFlags.Enum) return `enum ${name}`;
  if (flags & SymbolFlags.Module && !(flags & SymbolFlags.Value & ~SymbolFlags.ValueModule))
    return `module ${name}`;
  const type = checker.getTypeOfSymbol(symbol);
  if (type === undefined) return name;
  const isClass = (flags & SymbolFlags.Class) !== 0;
  const isFunction = (flags & (SymbolFlags.Function | SymbolFlags.Method)) !== 0;
  if (isClass || isFunction) {
    const found = checker.getSignaturesOfType(type, isClass ? SignatureKind.Construct : SignatureKind.Call);
    const lead = isClass ? "new " : flags & SymbolFlags.Method ? "" : "function ";
    const lines = found.slice(0, MAX_OVERLOADS).flatMap((one) => callable(project, one, lead + name));
    if (found.length > MAX_OVERLOADS) lines.push(`// … and ${found.length - MAX_OVERLOADS} more overloads`);
    if (isClass) lines.unshift(`class ${name}`);
    if (lines.length > 0) return lines.join("\n");
  }
  const news =
    flags & SymbolFlags.Variable && declaredAs === undefined
      ? checker.getSignaturesOfType(type, SignatureKind.Construct).slice(0, MAX_OVERLOADS)
      : [];
  if (news.length > 0)
    return [`class ${name}`, ...news.flatMap((one) => callable(project, one, `new ${name}`))].join("\n");
  const printed = clipped(checker.typeToString(type, undefined, PRINT), LONGEST_TYPE);
  const keyword =
    flags & SymbolFlags.Variable
      ? `${declaredAs ?? (flags & SymbolFlags.BlockScopedVariable ? "const" : "var")} `
      : "";
  return `${keyword}${name}: ${printed}`;
}

/** `{@link x}` and its kin as plain names. */
const unlinked = (text: string): string => text.replace(/\{@link(?:code|plain)?\s+([^}|\s]+)[^}]*\}/g, "$1");

interface Documentation {
  readonly comment: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

function documentation(checker: Checker, symbol: TypeSymbol): Documentation {
  return {
    comment: unlinked(checker.getDocumentationCommentOfSymbol(symbol)),
    tags: checker
      .getJsDocTagsOfSymbol(symbol)
      .map(({ name, text }) => ({ name, text: unlinked(text ?? "").replace(/^(\S+) +[-–] +/, "$1 ") })),
  };
}

const HAS_NAME = new Set(["param", "template", "property", "typeParam"]);

function splitTag(name: string, text: string): { readonly subject: string; readonly rest: string } {
  if (!HAS_NAME.has(name)) return { subject: "", rest: text };
  const [, subject = "", rest = ""] = /^(\S+)\s*(?:[-–]\s*)?([^]*)$/.exec(text) ?? [];
  return { subject, rest };
}

function toPlain(head: string, { comment, tags }: Documentation, source: string | null): string {
  const parts = [head];
  if (comment !== "") parts.push(comment);
  const lines = tags.map(
    ({ name, text }) => `@${name}${text === "" ? "" : text.includes("\n") ? `\n${text}` : ` ${text}`}`,
  );
  if (lines.length > 0) parts.push(lines.join("\n"));
  if (source !== null) parts.push(`Source:\n${source}`);
  return parts.join("\n\n");
}

const fence = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``;

function toMarkdown(head: string, { comment, tags }: Documentation, source: string | null): string {
  const parts = [fence(head)];
  if (comment !== "") parts.push(comment);
  for (const { name, text } of tags) {
    const { subject, rest } = splitTag(name, text);
    if (name === "example") parts.push(`*@example*\n\n${text.includes("```") ? text : fence(text)}`);
    else parts.push(`*@${name}*${subject === "" ? "" : ` \`${subject}\``}${rest === "" ? "" : ` — ${rest}`}`);
  }
  if (source !== null) parts.push("**Source**", fence(source));
  return parts.join("\n\n");
}

/** @param detail 1: with the source text of the declaration */
export function inspect(session: Session, source: string, offset: number, detail: number): Inspection | null {
  const cell = session.place(-1, source, null);
  const name = target(cell, cell.from + offset);
  if (name === null) return null;
  const at = name.getStart(cell.file);
  return session.engine.project((project) => {
    const { checker } = project;
    const place = { document: cell.path, position: at };
    const anything = SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace;
    let symbol =
      checker.getSymbolAtPosition(cell.path, at) ??
      (name.text ? checker.resolveName(name.text, anything, place) : undefined);
    if (symbol === undefined) return null;
    const documentedAs = symbol;
    if (symbol.flags & SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    if (checker.isUnknownSymbol(symbol)) {
      // A type where only a value can stand: it is explained all the same.
      const named = name.text ? checker.resolveName(name.text, anything, place) : undefined;
      if (named === undefined) return null;
      symbol = named.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
      if (checker.isUnknownSymbol(symbol)) return null;
    }
    const written = session.scope.sourceOf(symbol.name);
    const declaration = symbol.valueDeclaration ?? symbol.declarations[0];
    const local =
      declaration?.path.toLowerCase() === cell.path.toLowerCase() || declaration?.path === undefined;
    const fromEarlier = declaration?.path.includes("__cotangent_") ?? false;
    const statement = local || fromEarlier ? keywordOf(cell, declaration, written) : undefined;
    const head = readable(signature(project, symbol, statement, local || fromEarlier ? written : null));
    let doc = documentation(checker, symbol);
    if (doc.comment === "" && doc.tags.length === 0) doc = documentation(checker, documentedAs);
    let text: string | null = null;
    if (detail > 0) {
      const node = declaration?.resolve() as unknown as
        (Loose & { getSourceFile(): { text: string }; parent?: Loose & { parent?: Loose } }) | undefined;
      const inCell =
        node !== undefined && local && node.getStart() >= cell.from
          ? cell.text.slice(statementStart(node), statementEnd(node))
          : null;
      text = inCell ?? (fromEarlier || local ? written : null);
      if (text === null && node !== undefined) {
        const file = node.getSourceFile();
        text = file.text.slice(node.getStart(), node.end);
      }
      text = text === null ? null : clipped(text, LONGEST_SOURCE);
    }
    return { plain: toPlain(head, doc, text), markdown: toMarkdown(head, doc, text) };
  });
}

type WithParents = Loose & { readonly parent?: Loose & { readonly parent?: Loose } };

/** A variable's declaration is part of a statement, which is what was written. */
const whole = (node: WithParents): Loose =>
  node.kind === SyntaxKind.VariableDeclaration ? (node.parent?.parent ?? node) : node;
const statementStart = (node: WithParents): number => whole(node).getStart();
const statementEnd = (node: WithParents): number => whole(node).end;

function keywordOf(
  cell: Placed,
  declaration: { resolve(): unknown } | undefined,
  written: string | null,
): string {
  const node = declaration?.resolve() as WithParents | undefined;
  const own = node === undefined ? "" : cell.text.slice(statementStart(node), statementEnd(node));
  const text =
    own === "" || own.startsWith("declare") || node!.getStart() < cell.from ? (written ?? own) : own;
  return /\b(let|const|var)\b/.exec(text.replace(/\/\*[^]*?\*\//g, ""))?.[1] ?? "let";
}
