/** Stack traces as frames, without those of Node, of the kernel and of installed packages. */
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { Frame } from "../../core/ports.js";
import { REFERRER } from "./imports.js";

const FRAME = /^\s+at (?:(?:async )?(.+?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;
const CELL = /^cotangent-cell:(\d+)$/;
/** Functions that V8 names for want of a name. */
const NAMELESS = /^(?:Object\.)?<anonymous>$|^eval$/;

/** The folder of this kernel's own compiled code. */
const KERNEL = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The library's folder; found when it is first needed, because most cells do not throw. */
let library: string | undefined;
const libraryFolder = (): string => (library ??= dirname(fileURLToPath(import.meta.resolve("cotangent"))));

function isInternal(file: string): boolean {
  return (
    file.startsWith("node:") ||
    file.endsWith(`${sep}${REFERRER}`) ||
    file.includes(`${sep}node_modules${sep}`) ||
    file.startsWith(KERNEL) ||
    file.startsWith(libraryFolder())
  );
}

function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  const url = new URL(file);
  url.search = "";
  return fileURLToPath(url);
}

export function userFrames(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const [, name = "", location = "", row = "", column = ""] = FRAME.exec(line) ?? [];
    if (location === "" || location === "<anonymous>") continue;
    const functionName = NAMELESS.test(name) ? "" : name;
    const cell = CELL.exec(location)?.[1];
    if (cell !== undefined) {
      frames.push({ functionName, cell: Number(cell), file: "", line: Number(row), column: Number(column) });
      continue;
    }
    const path = pathOf(location);
    if (isInternal(path)) continue;
    const nearby = relative(process.cwd(), path);
    const file = nearby.startsWith("..") ? path : nearby;
    frames.push({ functionName, cell: null, file, line: Number(row), column: Number(column) });
  }
  return frames;
}
