/** Line magics: what a line that begins with % at the top of a cell asks for. No TypeScript statement begins so. */

/** One magic of a cell. */
export interface Magic {
  readonly name: string;
  readonly argument: string;
  /** From 1. */
  readonly line: number;
}

/** The magics that exist, with what they do. */
export const MAGICS: ReadonlyMap<string, string> = new Map([
  ["types", "what a type error does from here on: %types error, %types warn, %types off"],
  ["magics", "this list"],
]);

const LINE = /^[ \t]*%+[ \t]*([^\s%]*)[ \t]*(.*?)[ \t\r]*$/;
/** Blank lines and magics, from the cell's first character on. */
const TOP = /^(?:[ \t\r]*(?:%[^\n]*)?(?:\n|$))+/;

/** The magics at the top of a cell, and the cell with their lines blank, every other character where it was. */
export function readMagics(source: string): { readonly source: string; readonly magics: readonly Magic[] } {
  const top = TOP.exec(source)?.[0] ?? "";
  if (!top.includes("%")) return { source, magics: [] };
  const magics = top.split("\n").flatMap((text, i) => {
    const [, name, argument = ""] = LINE.exec(text) ?? [];
    return name === undefined ? [] : [{ name, argument, line: i + 1 }];
  });
  return { source: top.replace(/[^\n]/g, " ") + source.slice(top.length), magics };
}

export const listMagics = (): string =>
  [...MAGICS].map(([name, what]) => `%${name.padEnd(8)} ${what}\n`).join("");

/** @returns what is wrong with the first magic that does not exist; null when all do */
export function unknownMagic(magics: readonly Magic[]): string | null {
  const unknown = magics.find(({ name }) => !MAGICS.has(name));
  if (unknown === undefined) return null;
  const names = [...MAGICS.keys()].map((name) => `%${name}`).join(", ");
  return `There is no magic %${unknown.name} (line ${unknown.line}). These exist: ${names}.`;
}
