/** `%types error|warn|off`: the line at the top of a cell that says what a type error does from here on. */
import type { TypeLevel } from "./ports.js";

const LINE = /^[ \t]*%types\b[ \t]*(.*?)[ \t]*$/;
const LEVELS: ReadonlySet<string> = new Set<TypeLevel>(["error", "warn", "off"]);

export const isTypeLevel = (value: unknown): value is TypeLevel =>
  typeof value === "string" && LEVELS.has(value);

export interface TypesMagic {
  /** The cell without the magic's lines; they are blank, so that every other line stays where it was. */
  readonly source: string;
  /** The level asked for, `show` where only the present one is wanted, null where there is no magic. */
  readonly asked: TypeLevel | "show" | null;
  /** What was asked for and does not exist. */
  readonly unknown: string | null;
}

/** Read and blank the `%types` lines at the top of a cell; empty lines and other magics may stand before them. */
export function readTypesMagic(source: string): TypesMagic {
  const none: TypesMagic = { source, asked: null, unknown: null };
  if (!source.includes("%types")) return none;
  const lines = source.split("\n");
  let asked: TypesMagic["asked"] = null;
  let unknown: string | null = null;
  for (const [i, line] of lines.entries()) {
    const value = LINE.exec(line.replace(/\r$/, ""))?.[1];
    if (value === undefined) {
      if (line.trim() === "" || /^\s*%/.test(line)) continue;
      break;
    }
    lines[i] = " ".repeat(line.length);
    if (value === "") asked ??= "show";
    else if (isTypeLevel(value)) asked = value;
    else unknown ??= value;
  }
  return { source: lines.join("\n"), asked, unknown };
}

/** Code without the magics at its top, every other character where it was. */
export function blankMagics(source: string): string {
  return source.replace(/^(?:[ \t]*(?:%[^\n]*)?(?:\n|$))+/, (top) => top.replace(/[^\n]/g, " "));
}
