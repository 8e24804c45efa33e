/** Redeclaration: top-level declarations rewritten in place so that a later cell may declare a name again, in any way. */
import type { ClassDeclaration, FunctionDeclaration, Identifier, Node, VariableDeclaration } from "acorn";
import MagicString from "magic-string";

import type { BindingKind, CellText, Scope } from "./cell.js";
import { namesIn } from "./names.js";
import { parseCell, walk } from "./parse.js";

const namesOf = (node: VariableDeclaration): string[] => node.declarations.flatMap(({ id }) => namesIn(id));

interface Work {
  readonly text: MagicString;
  readonly scope: Scope;
  readonly declares: Map<string, BindingKind>;
  /** The last statement of the cell: an assignment there must not become the cell's value. */
  readonly last: Node | undefined;
}

function declare({ declares }: Work, names: readonly string[], kind: BindingKind): void {
  for (const name of names) declares.set(name, kind);
}

const known = ({ scope, declares }: Work, name: string): BindingKind | undefined =>
  declares.get(name) ?? scope.get(name);

/** `let a = 1, {b} = o` becomes assignments to the names that exist, the keyword blanked and no column moved. */
function toAssignment(node: VariableDeclaration, work: Work): void {
  const { text } = work;
  const keyword = node.start + node.kind.length;
  const destructures = node.declarations.some(({ id }) => id.type !== "Identifier");
  text.overwrite(
    node.start,
    keyword,
    destructures ? ";(".padStart(node.kind.length) : ";".padEnd(node.kind.length),
  );
  for (const { id, init } of node.declarations)
    if (!init && node.kind !== "var") text.appendLeft(id.end, "=void 0");
  const end = node.declarations.at(-1)!.end;
  if (destructures) text.appendLeft(end, ")");
  if (node === work.last) text.appendRight(node.end, ";void 0");
}

function variables(node: VariableDeclaration, work: Work): void {
  const names = namesOf(node);
  const wanted: BindingKind = node.kind === "var" ? "global" : "lexical";
  const kinds = names.map((name) => known(work, name));
  if (kinds.some((kind) => kind === "global") && wanted === "lexical") {
    toAssignment(node, work);
    // A name that was new in this declaration is created by its assignment, as a global.
    for (const name of names) work.declares.set(name, known(work, name) ?? "global");
    return;
  }
  if (wanted === "global" && kinds.some((kind) => kind === "lexical")) {
    const repeated = names.some((name) => work.declares.has(name)) || kinds.includes("global");
    if (repeated) toAssignment(node, work);
    else work.text.overwrite(node.start, node.start + 3, "let");
    for (const name of names) work.declares.set(name, known(work, name) ?? "lexical");
    return;
  }
  if (node.kind === "const") work.text.overwrite(node.start, node.start + 5, "let  ");
  declare(work, names, wanted);
}

function functionOrClass(node: FunctionDeclaration | ClassDeclaration, work: Work): void {
  const { name } = node.id as Identifier;
  const wanted: BindingKind = node.type === "FunctionDeclaration" ? "global" : "lexical";
  const kind = known(work, name) ?? wanted;
  if (kind !== wanted) {
    work.text.appendLeft(node.start, kind === "lexical" ? `let ${name}=` : `;${name}=`);
    work.text.appendRight(node.end, node === work.last ? ";void 0" : ";");
  }
  declare(work, [name], kind);
}

/** `var` and functions in nested blocks are visible to later cells too, unless the name is taken by a `let`. */
function nested(statement: Node, work: Work): void {
  walk(statement, (node) => {
    if (node === statement) return !isScope(node);
    if (node.type === "FunctionDeclaration") {
      const { name } = (node as FunctionDeclaration).id as Identifier;
      if (known(work, name) === undefined) declare(work, [name], "global");
      return false;
    }
    if (isScope(node)) return false;
    if (node.type === "VariableDeclaration" && (node as VariableDeclaration).kind === "var") {
      const declaration = node as VariableDeclaration;
      if (namesOf(declaration).some((name) => known(work, name) === "lexical")) {
        if (isLoopHead(statement, declaration)) work.text.overwrite(node.start, node.start + 3, "   ");
        else toAssignment(declaration, work);
      } else declare(work, namesOf(declaration), "global");
    }
    return true;
  });
}

const isScope = (node: Node): boolean => /Function|Class|StaticBlock/.test(node.type);

function isLoopHead(root: Node, declaration: Node): boolean {
  let found = false;
  walk(root, (node) => {
    const loop = node as { left?: Node; init?: Node };
    if (/^For/.test(node.type) && (loop.left === declaration || loop.init === declaration)) found = true;
    return !found;
  });
  return found;
}

/** @returns the cell with `declares` filled in */
export function normaliseDeclarations(cell: CellText, scope: Scope): CellText {
  const program = parseCell(cell.code, cell.firstLineShift);
  const work: Work = {
    text: new MagicString(cell.code),
    scope,
    declares: new Map(),
    last: program.body.at(-1),
  };
  for (const node of program.body) {
    if (node.type === "VariableDeclaration") variables(node, work);
    else if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
      functionOrClass(node as FunctionDeclaration | ClassDeclaration, work);
    else nested(node, work);
  }
  return { ...cell, code: work.text.toString(), declares: work.declares };
}
