/** Source maps of imported files that were emitted; the loader's thread sends them, a stack trace asks for them. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";

import type { LineMap } from "../../compile/positions.js";

export interface FileMap {
  readonly path: string;
  readonly lines: readonly LineMap[];
}

const maps = new Map<string, readonly LineMap[]>();
let source: MessagePort | null = null;

export function receiveFileMaps(port: MessagePort): void {
  source = port;
}

/** Messages are taken when they are wanted: a trace is written synchronously, and no event loop turns meanwhile. */
export function mapOfFile(path: string): readonly LineMap[] | undefined {
  if (source === null) return undefined;
  for (let next = receiveMessageOnPort(source); next !== undefined; next = receiveMessageOnPort(source)) {
    const { path: of, lines } = next.message as FileMap;
    maps.set(of, lines);
  }
  return maps.get(path);
}
