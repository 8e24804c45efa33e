/** The pipeline from a cell's text to what is evaluated, and the memory of which names cells have declared. */
import { type BindingKind, type CellText, CompileError, type Step } from "./cell.js";
import { normaliseDeclarations } from "./normalise-declarations.js";
import { wrapObjectLiteral } from "./object-literal.js";
import { rewriteImports } from "./rewrite-imports.js";
import { stripTypes } from "./strip-types.js";

/** Imports come before declarations, because an import becomes a declaration. */
const steps: readonly Step[] = [wrapObjectLiteral, stripTypes, rewriteImports, normaliseDeclarations];

/** The name of a cell's script in stack traces. */
export const cellUrl = (id: number): string => `cotangent-cell:${id}`;

export type CompiledCell =
  | { readonly ok: true; readonly code: string; readonly firstLineShift: number }
  | { readonly ok: false; readonly message: string; readonly place: CompileError["place"] };

export class Compiler {
  readonly #scope = new Map<string, BindingKind>();

  compile(source: string, id: number): CompiledCell {
    try {
      let cell: CellText = { code: source, firstLineShift: 0, declares: new Map() };
      for (const step of steps) cell = step(cell, this.#scope);
      for (const [name, kind] of cell.declares) this.#scope.set(name, kind);
      return {
        ok: true,
        code: `${cell.code}\n//# sourceURL=${cellUrl(id)}`,
        firstLineShift: cell.firstLineShift,
      };
    } catch (error) {
      if (error instanceof CompileError) return { ok: false, message: error.message, place: error.place };
      throw error;
    }
  }
}
