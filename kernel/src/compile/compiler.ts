/** The pipeline from a cell's text to what is evaluated, and the memory of which names cells have declared. */
import { type BindingKind, type CellText, cellUrl, CompileError, type Step, TooDeepError } from "./cell.js";
import { defineModule, moduleName } from "./module-cell.js";
import { normaliseDeclarations } from "./normalise-declarations.js";
import { wrapObjectLiteral } from "./object-literal.js";
import { rewriteImports } from "./rewrite-imports.js";
import type { EmitSettings } from "./emit.js";
import { originalPosition, type Positions } from "./positions.js";
import { toJavaScript } from "./to-javascript.js";
import { instrumentCell } from "./use-ad.js";

/** Imports come before declarations, because an import becomes a declaration. */
const steps: readonly Step[] = [rewriteImports, normaliseDeclarations];

export { cellUrl } from "./cell.js";

export type CompiledCell =
  | {
      readonly ok: true;
      readonly code: string;
      readonly positions: Positions;
      /** The name under which later cells import this one, which does not run itself. */
      readonly module: string | null;
    }
  | { readonly ok: false; readonly message: string; readonly place: CompileError["place"] };

export class Compiler {
  readonly #scope = new Map<string, BindingKind>();
  readonly #settings: EmitSettings;

  /** @param settings what the notebook's tsconfig.json says about emitting */
  constructor(settings: EmitSettings = {}) {
    this.#settings = settings;
  }

  async compile(source: string, id: number): Promise<CompiledCell> {
    let cell: CellText = { code: source, firstLineShift: 0, declares: new Map() };
    const module = moduleName(source);
    let emitted = false;
    try {
      if (module !== null) cell = await defineModule(module, source, id, this.#settings);
      else
        cell = await instrumentCell(
          await toJavaScript(wrapObjectLiteral(cell), id, this.#settings),
          id,
          source,
        );
      emitted = cell.lines !== undefined;
      if (module === null) for (const step of steps) cell = step(cell, this.#scope);
    } catch (error) {
      // The walks below the steps recurse, too.
      if (error instanceof RangeError) return { ok: false, message: new TooDeepError().message, place: null };
      if (!(error instanceof CompileError)) throw error;
      const place =
        emitted && error.place
          ? originalPosition(positionsOf(cell), error.place.line, error.place.column)
          : error.place;
      return { ok: false, message: error.message, place };
    }
    for (const [name, kind] of cell.declares) if (!name.endsWith(`$$${id}`)) this.#scope.set(name, kind);
    return {
      ok: true,
      code: `${cell.code}\n//# sourceURL=${cellUrl(id)}`,
      positions: positionsOf(cell),
      module,
    };
  }
}

const positionsOf = ({ firstLineShift, lines }: CellText): Positions => ({
  firstLineShift,
  lines: lines ?? null,
});
