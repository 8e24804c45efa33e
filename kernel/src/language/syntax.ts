/** Looking around in the engine's syntax trees. */
import type { SourceFile, SyntaxKind } from "typescript/unstable/ast";

/** The engine's nodes, seen without a type for each kind. */
export interface Loose {
  readonly kind: SyntaxKind;
  readonly pos: number;
  readonly end: number;
  readonly flags: number;
  readonly text?: string;
  readonly name?: Loose;
  readonly modifiers?: readonly Loose[];
  readonly declarationList?: Loose;
  readonly declarations?: readonly Loose[];
  readonly elements?: readonly Loose[];
  readonly importClause?: Loose;
  readonly namedBindings?: Loose;
  readonly moduleSpecifier?: Loose;
  readonly attributes?: Loose;
  readonly heritageClauses?: readonly Loose[];
  readonly types?: readonly Loose[];
  readonly expression?: Loose;
  readonly arguments?: readonly Loose[];
  readonly parameters?: readonly Loose[];
  readonly typeParameters?: readonly Loose[];
  readonly statements?: readonly Loose[];
  readonly initializer?: Loose;
  readonly variableDeclaration?: Loose;
  forEachChild<T>(visit: (node: Loose) => T | undefined): T | undefined;
  getStart(file?: unknown): number;
}

/** The nodes around a position, from the file inwards; a node's end counts as inside it. */
export function pathTo(file: SourceFile, position: number): Loose[] {
  const path: Loose[] = [];
  let node: Loose | undefined = file as unknown as Loose;
  while (node !== undefined) {
    path.push(node);
    const children: Loose[] = [];
    node.forEachChild((child) => {
      if (child.pos <= position && position <= child.end) children.push(child);
      return undefined;
    });
    // Where two meet, the one that begins before the position: the name that has just been written.
    node = children.find((child) => child.getStart(file) < position) ?? children.at(-1);
  }
  return path;
}
