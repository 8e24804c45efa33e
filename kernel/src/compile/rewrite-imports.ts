/** Imports and exports become what a cell can evaluate: calls of the host's import functions, on the same lines. */
import type {
  ExportAllDeclaration,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  ImportExpression,
  Literal,
  MetaProperty,
  Node,
} from "acorn";
import MagicString from "magic-string";

import type { CellText } from "./cell.js";
import { HOST } from "./host-names.js";
import { parseCell, walk } from "./parse.js";

type Editor = { readonly text: MagicString; readonly code: string; readonly usedNames: ReadonlySet<string> };

const nameOf = (node: Identifier | Literal): string =>
  node.type === "Identifier" ? node.name : String(node.value);
const keyOf = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);

/** The newlines inside a node, to be kept when it is replaced, so that later lines stay where they are. */
const newlines = (code: string, node: Node): string =>
  "\n".repeat(code.slice(node.start, node.end).split("\n").length - 1);

function attributesOf(node: ImportDeclaration | ExportAllDeclaration | ExportNamedDeclaration): string {
  const attributes = node.attributes ?? [];
  if (attributes.length === 0) return "";
  const pairs = attributes.map((a) => `${JSON.stringify(nameOf(a.key))}:${JSON.stringify(a.value.value)}`);
  return `,{with:{${pairs.join()}}}`;
}

/**
 * A name that the module does not export is an error, as in a real module, unless it looks like a type that was imported
 * without `type`: never used as a value in this cell, and written with a capital.
 */
function isRequired(imported: string, local: string, used: ReadonlySet<string>): boolean {
  return used.has(local) || !/^\p{Lu}/u.test(imported);
}

function importStatement(node: ImportDeclaration, used: ReadonlySet<string>): string {
  const source = JSON.stringify(node.source.value);
  const entries: string[] = [];
  const required: string[] = [];
  let namespace: string | null = null;
  for (const specifier of node.specifiers) {
    const local = specifier.local.name;
    if (specifier.type === "ImportNamespaceSpecifier") {
      namespace = local;
      continue;
    }
    const imported = specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier.imported);
    entries.push(imported === local ? local : `${keyOf(imported)}: ${local}`);
    if (isRequired(imported, local, used)) required.push(imported);
  }
  const call = `await ${HOST.staticImport}(${source},${JSON.stringify(required)}${attributesOf(node)})`;
  if (node.specifiers.length === 0) return `${call};`;
  const pattern = `{${entries.join(", ")}}`;
  if (namespace === null) return `let ${pattern} = ${call};`;
  return entries.length === 0
    ? `let ${namespace} = ${call};`
    : `let ${namespace} = ${call}, ${pattern} = ${namespace};`;
}

/** One character at a time, so that a part can still be written over. */
const blank = ({ text, code }: Editor, start: number, end: number): void => {
  for (let i = start; i < end; i++) if (code[i] !== "\n") text.overwrite(i, i + 1, " ");
};

/** One row a kind of node: how it is rewritten. */
const rewrites: Record<string, (node: Node, editor: Editor) => void> = {
  ImportDeclaration(node, { text, code, usedNames }) {
    text.overwrite(
      node.start,
      node.end,
      importStatement(node as ImportDeclaration, usedNames) + newlines(code, node),
    );
  },
  ImportExpression(node, { text }) {
    // Same length as `import`, so that columns stay.
    text.overwrite((node as ImportExpression).start, node.start + "import".length, HOST.dynamicImport);
  },
  MetaProperty(node, { text }) {
    if ((node as MetaProperty).meta.name === "import") text.overwrite(node.start, node.end, HOST.importMeta);
  },
  ExportNamedDeclaration(node, editor) {
    const { declaration, source } = node as ExportNamedDeclaration;
    if (declaration) return blank(editor, node.start, declaration.start);
    if (source) return reexport(node as ExportNamedDeclaration, editor);
    return blank(editor, node.start, node.end);
  },
  ExportDefaultDeclaration(node, editor) {
    const { declaration } = node as ExportDefaultDeclaration;
    blank(editor, node.start, declaration.start);
    // Without a name it is not a declaration any more, but it can be an expression.
    if ("id" in declaration && declaration.id === null) {
      editor.text.overwrite(declaration.start - 1, declaration.start, "(");
      editor.text.appendRight(node.end, ")");
    }
  },
  ExportAllDeclaration(node, editor) {
    reexport(node as ExportAllDeclaration, editor);
  },
};

/** `export … from "m"` has nobody to export to; what remains of it is that the module is loaded. */
function reexport(node: ExportAllDeclaration | ExportNamedDeclaration, { text, code }: Editor): void {
  const call = `await ${HOST.staticImport}(${JSON.stringify(node.source?.value)},[]${attributesOf(node)});`;
  text.overwrite(node.start, node.end, call + newlines(code, node));
}

export function rewriteImports(cell: CellText): CellText {
  if (!/\b(import|export)\b/.test(cell.code)) return cell;
  const program = parseCell(cell.code, cell.firstLineShift);
  const usedNames = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") usedNames.add((node as Identifier).name);
    return node.type !== "ImportDeclaration";
  });
  const editor: Editor = { text: new MagicString(cell.code), code: cell.code, usedNames };
  walk(program, (node) => {
    rewrites[node.type]?.(node, editor);
    return node.type !== "ImportDeclaration";
  });
  return { ...cell, code: editor.text.toString() };
}
