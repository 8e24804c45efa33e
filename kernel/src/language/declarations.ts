/** What a checked cell declares at its top level, read off the engine's syntax tree. */
import { type Node, NodeFlags, type SourceFile, SyntaxKind } from "typescript/unstable/ast";

import type { Loose } from "./syntax.js";

/** A name stands for a value, for a type, or for both (classes, enums, namespaces, imports). */
export const VALUE = 1;
export const TYPE = 2;
export type Meaning = 1 | 2 | 3;

export interface Name {
  readonly name: string;
  readonly meaning: Meaning;
  /** Where the name stands in the file. */
  readonly at: number;
}

/** A statement that stays in scope for later cells. Positions are offsets in the file. */
export type Declared =
  | {
      readonly kind: "variables";
      readonly names: readonly Name[];
      readonly constant: boolean;
      /** As the user wrote it. */
      readonly source: string;
      /** Null for a `var` inside another statement: only its type can be kept. */
      readonly text: string | null;
      readonly doc: string;
    }
  | {
      /** Function, class, interface, type, enum, namespace: kept as it was written. */
      readonly kind: "verbatim";
      readonly names: readonly Name[];
      readonly text: string;
      /** As the user wrote it. */
      readonly source: string;
      /** Names in an `extends` clause, which is evaluated once and for all. */
      readonly fixed: readonly string[];
    }
  | { readonly kind: "import"; readonly names: readonly Name[]; readonly statement: ImportStatement }
  /** `declare global {…}`, `declare module "…" {…}` and `import x = …`: at the top of a file or nowhere. */
  | { readonly kind: "file"; readonly names: readonly Name[]; readonly text: string };

export interface ImportStatement {
  readonly typeOnly: boolean;
  readonly defaultName: string | null;
  readonly namespaceName: string | null;
  readonly named: readonly { readonly local: string; readonly text: string }[];
  /** The module's name as written, with its quotes, and attributes. */
  readonly from: string;
}

/** The names that a pattern binds. */
export function bound(name: Loose | undefined, file: SourceFile, meaning: Meaning): Name[] {
  if (name === undefined) return [];
  if (name.kind === SyntaxKind.Identifier)
    return name.text === undefined || name.text === ""
      ? []
      : [{ name: name.text, meaning, at: name.getStart(file) }];
  return (name.elements ?? []).flatMap((element) => bound(element.name, file, meaning));
}

const isFunctionLike = (kind: SyntaxKind): boolean =>
  kind === SyntaxKind.FunctionExpression ||
  kind === SyntaxKind.ArrowFunction ||
  kind === SyntaxKind.ClassExpression ||
  kind === SyntaxKind.ClassDeclaration ||
  kind === SyntaxKind.MethodDeclaration ||
  kind === SyntaxKind.GetAccessor ||
  kind === SyntaxKind.SetAccessor ||
  kind === SyntaxKind.Constructor ||
  kind === SyntaxKind.ModuleDeclaration;

/** `var`s inside a block or loop belong to the cell. */
function nestedVars(node: Loose, file: SourceFile): Name[] {
  const names: Name[] = [];
  const visit = (child: Loose): void => {
    if (isFunctionLike(child.kind) || child.kind === SyntaxKind.FunctionDeclaration) return;
    if (child.kind === SyntaxKind.VariableDeclarationList && !(child.flags & NodeFlags.BlockScoped))
      for (const declaration of child.declarations ?? []) names.push(...bound(declaration.name, file, VALUE));
    child.forEachChild((inner) => void visit(inner));
  };
  node.forEachChild((child) => void visit(child));
  return names;
}

/** Where the cell stands in the file. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

const DROPPED = new Set([SyntaxKind.ExportKeyword, SyntaxKind.DefaultKeyword]);

/** The statement's text for a namespace: `export` put before it, its own `export` and `default` cut out. */
function exported(
  node: Loose,
  file: SourceFile,
  { from, to }: Extent,
): { readonly text: string; readonly doc: string } {
  const source = file.text;
  const start = node.getStart(file);
  const pos = Math.max(node.pos, from);
  let text = "";
  let at = start;
  for (const modifier of node.modifiers ?? []) {
    if (!DROPPED.has(modifier.kind)) continue;
    const begin = modifier.getStart(file);
    text += source.slice(at, begin) + " ".repeat(modifier.end - begin);
    at = modifier.end;
  }
  text += source.slice(at, Math.min(node.end, to));
  const trivia = source.slice(pos, start);
  const doc = trivia.includes("/**") ? trivia.slice(trivia.lastIndexOf("/**")).trimEnd() : "";
  return { text: `export ${text.trimStart()}`, doc };
}

/** The statement with the comments above it. */
function written(node: Loose, file: SourceFile, { from, to }: Extent): string {
  return file.text.slice(Math.max(node.pos, from), Math.min(node.end, to)).trim();
}

const MEANINGS: Partial<Record<SyntaxKind, Meaning>> = {
  [SyntaxKind.FunctionDeclaration]: VALUE,
  [SyntaxKind.ClassDeclaration]: 3,
  [SyntaxKind.EnumDeclaration]: 3,
  [SyntaxKind.InterfaceDeclaration]: TYPE,
  [SyntaxKind.TypeAliasDeclaration]: TYPE,
  [SyntaxKind.ModuleDeclaration]: 3,
};

function firstWord(text: string): string | null {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text.trim())?.[0] ?? null;
}

function importOf(node: Loose, file: SourceFile): Declared | null {
  const clause = node.importClause;
  if (clause === undefined || node.moduleSpecifier === undefined) return null;
  const source = file.text;
  const names: Name[] = [...bound(clause.name, file, 3)];
  const bindings = clause.namedBindings;
  const named: { local: string; text: string }[] = [];
  let namespaceName: string | null = null;
  if (bindings?.kind === SyntaxKind.NamespaceImport) {
    const own = bound(bindings.name, file, 3);
    names.push(...own);
    namespaceName = own[0]?.name ?? null;
  } else
    for (const element of bindings?.elements ?? []) {
      const own = bound(element.name, file, 3);
      names.push(...own);
      if (own[0]) named.push({ local: own[0].name, text: source.slice(element.getStart(file), element.end) });
    }
  return {
    kind: "import",
    names,
    statement: {
      typeOnly: /^import\s+type\b(?!\s+from\b|\s*,)/.test(source.slice(node.getStart(file), node.end)),
      defaultName: clause.name?.text ?? null,
      namespaceName,
      named,
      from: source.slice(node.moduleSpecifier.getStart(file), (node.attributes ?? node.moduleSpecifier).end),
    },
  };
}

function declared(node: Loose, file: SourceFile, extent: Extent): Declared | null {
  const { text: source } = file;
  if (node.kind === SyntaxKind.VariableStatement) {
    const list = node.declarationList!;
    const names = (list.declarations ?? []).flatMap(({ name }) => bound(name, file, VALUE));
    const { text, doc } = exported(node, file, extent);
    return {
      kind: "variables",
      names,
      constant: (list.flags & NodeFlags.Const) !== 0,
      text,
      doc,
      source: written(node, file, extent),
    };
  }
  if (node.kind === SyntaxKind.ImportDeclaration) return importOf(node, file);
  if (node.kind === SyntaxKind.ImportEqualsDeclaration)
    return {
      kind: "file",
      names: bound(node.name, file, 3),
      text: source.slice(node.getStart(file), node.end).replace(/^export\s+/, ""),
    };
  const meaning = MEANINGS[node.kind];
  if (meaning === undefined) {
    const names = nestedVars(node, file);
    return names.length === 0
      ? null
      : {
          kind: "variables",
          names,
          constant: false,
          text: null,
          doc: "",
          source: written(node, file, extent),
        };
  }
  if (node.kind === SyntaxKind.ModuleDeclaration) {
    const start = node.getStart(file);
    const text = source.slice(start, node.end);
    if (node.name?.kind !== SyntaxKind.Identifier || /^(?:declare\s+)?global\b/.test(text))
      return { kind: "file", names: [], text };
  }
  const names = bound(node.name, file, meaning);
  if (names.length === 0) return null;
  const { text, doc } = exported(node, file, extent);
  const fixed = (node.heritageClauses ?? [])
    .flatMap(({ types = [] }) => types)
    .map((type) => firstWord(source.slice(type.getStart(file), type.end)))
    .filter((word) => word !== null);
  return {
    kind: "verbatim",
    names,
    text: doc === "" ? text : `${doc}\n${text}`,
    source: written(node, file, extent),
    fixed: node.kind === SyntaxKind.ClassDeclaration ? fixed : [],
  };
}

/** @param from, to where the cell stands in the file; what is outside is not its own */
export function declarationsOf(file: SourceFile, from: number, to: number): Declared[] {
  const found: Declared[] = [];
  for (const statement of file.statements as unknown as readonly (Loose & Node)[]) {
    const start = statement.getStart(file);
    if (start < from || start >= to) continue;
    const one = declared(statement, file, { from, to });
    if (one !== null) found.push(one);
  }
  return found;
}
