/** What the main thread and the loader's thread say to each other. */
import { pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";

import type { EmitSettings } from "../../compile/emit.js";

/** From the main thread: a cell that is a module. */
export interface ModuleCell {
  /** Without an ending. */
  readonly path: string;
  readonly id: number;
  readonly code: string;
}

/** What the loader starts with. */
export interface LoaderData {
  /** Module cells come in, source maps go out. */
  readonly port: MessagePort;
  /** What the notebook's tsconfig.json says about emitting. */
  readonly settings: EmitSettings;
}

/** A new URL for every run of the cell, because Node keeps modules for ever. */
export function moduleCellUrl(path: string, id: number): string {
  const url = pathToFileURL(`${path}.ts`);
  url.searchParams.set("cell", String(id));
  return url.href;
}
