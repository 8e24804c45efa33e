/** Module cells: a cell with the comment `/** @module name *\/` at its top is not run, but is what `./name` imports. */
import { type CellText } from "./cell.js";
import type { EmitSettings } from "./emit.js";
import { HOST } from "./host-names.js";
import { toJavaScript } from "./to-javascript.js";
import { instrumentCell } from "./use-ad.js";

/** Blank space and comments, one at a time. */
const TRIVIA = /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|#![^\n]*/y;
const NAME = /@module[ \t]+([\w-]+)[ \t]*(?:\r?\n|\*|$)/;

/** @returns the name that the cell has as a module; null where it is an ordinary cell */
export function moduleName(source: string): string | null {
  if (!source.includes("@module")) return null;
  TRIVIA.lastIndex = 0;
  for (let found = TRIVIA.exec(source); found !== null; found = TRIVIA.exec(source)) {
    const name = found[0].startsWith("/**") ? NAME.exec(found[0])?.[1] : undefined;
    if (name !== undefined) return name;
  }
  return null;
}

/** The cell as a call that hands the module's code to the host; `lines` maps the module's own places. */
export async function defineModule(
  name: string,
  source: string,
  id: number,
  settings: EmitSettings,
): Promise<CellText> {
  const text: CellText = { code: source, firstLineShift: 0, declares: new Map() };
  const cell = await instrumentCell(await toJavaScript(text, id, settings), id, source);
  return {
    ...cell,
    code: `${HOST.defineModule}(${JSON.stringify(name)},${id},${JSON.stringify(cell.code)})`,
  };
}
