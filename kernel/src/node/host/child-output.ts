/** What children with inherited output, and writes to file descriptors 1 and 2, print: into the notebook, not into the server's log. */
import child_process, { type SpawnSyncOptions, type SpawnSyncReturns } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Readable } from "node:stream";

type Options = Record<string, unknown>;
type Anything = (...args: unknown[]) => unknown;

const streams = (): readonly NodeJS.WriteStream[] => [process.stdin as never, process.stdout, process.stderr];

/** The stream of ours, 1 or 2, that `entry` at `place` of a child's stdio stands for; 0 for any other. */
function inherited(entry: unknown, place: number): number {
  if (entry === "inherit") return place === 1 || place === 2 ? place : 0;
  if (entry === 1 || entry === process.stdout) return 1;
  if (entry === 2 || entry === process.stderr) return 2;
  return 0;
}

interface Redirected {
  readonly stdio: unknown[];
  /** By place of the child's stdio: the stream of ours that its text goes to. */
  readonly targets: ReadonlyMap<number, number>;
}

/** The same stdio with pipes where our own output would be inherited; null when there is no such place. */
function redirected(stdio: unknown): Redirected | null {
  const entries: unknown[] =
    typeof stdio === "string" ? [stdio, stdio, stdio] : Array.isArray(stdio) ? [...(stdio as unknown[])] : [];
  const targets = new Map<number, number>();
  entries.forEach((entry, place) => {
    const target = inherited(entry, place);
    if (target !== 0) targets.set(place, target);
  });
  for (const place of targets.keys()) entries[place] = "pipe";
  return targets.size > 0 ? { stdio: entries, targets } : null;
}

/** `spawn`, `exec`, `execFile` and `fork` all end in this method. */
function captureChildren(): void {
  const prototype = child_process.ChildProcess.prototype as unknown as { spawn: Anything };
  const { spawn } = prototype;
  prototype.spawn = function (this: { stdio?: (Readable | null)[] } & Options, ...args: unknown[]) {
    const options = args[0] as Options | undefined;
    const piped = redirected(options?.["stdio"]);
    if (piped === null) return Reflect.apply(spawn, this, args);
    const result = Reflect.apply(spawn, this, [{ ...options, stdio: piped.stdio }]);
    for (const [place, target] of piped.targets) {
      const pipe = this.stdio?.[place];
      pipe?.setEncoding("utf8").on("data", (text: string) => void streams()[target]!.write(text));
      // As if it had been inherited.
      if (this.stdio) this.stdio[place] = null;
      if (place === 1) this["stdout"] = null;
      if (place === 2) this["stderr"] = null;
    }
    return result;
  };
}

/** Children that are waited for: their text appears when they have ended. */
function captureSyncChildren(): void {
  const { spawnSync, execFileSync, execSync } = child_process as unknown as Record<string, Anything>;

  const run = (piped: Redirected, args: unknown[], options: Options): SpawnSyncReturns<Buffer> => {
    const piping: SpawnSyncOptions = { maxBuffer: Infinity, ...options, stdio: piped.stdio as never };
    const result = spawnSync!(...args, piping) as SpawnSyncReturns<Buffer>;
    for (const [place, target] of piped.targets) {
      const text = result.output?.[place];
      if (text?.length) streams()[target]!.write(text);
      if (result.output) result.output[place] = null;
      if (place === 1) result.stdout = null as never;
      if (place === 2) result.stderr = null as never;
    }
    return result;
  };
  /** The options, when they inherit our output, and the arguments before them. */
  const split = (args: unknown[]): [Redirected, unknown[], Options] | null => {
    const options = args.at(-1);
    if (typeof options !== "object" || options === null || Array.isArray(options)) return null;
    const piped = redirected((options as Options)["stdio"]);
    return piped && [piped, args.slice(0, -1), options as Options];
  };
  /** What execSync and execFileSync make of a result. */
  const checked = (result: SpawnSyncReturns<Buffer>, command: string): unknown => {
    if (result.error) throw result.error;
    if (result.status === 0) return result.stdout;
    throw Object.assign(new Error(`Command failed: ${command}`), result);
  };

  const module = child_process as unknown as Record<string, Anything>;
  module["spawnSync"] = (...args) => {
    const found = split(args);
    return found ? run(...found) : spawnSync!(...args);
  };
  module["execFileSync"] = (...args) => {
    const found = split(args);
    return found ? checked(run(...found), found[1].flat().join(" ")) : execFileSync!(...args);
  };
  module["execSync"] = (...args) => {
    const found = split(args);
    if (!found) return execSync!(...args);
    const [piped, before, options] = found;
    return checked(run(piped, before, { ...options, shell: options["shell"] ?? true }), String(before[0]));
  };
}

/** `fs.writeSync(1, …)` and `fs.write(1, …)`. */
function captureDescriptors(): void {
  const { writeSync, write } = fs;
  const bytesOf = (data: unknown, rest: unknown[]): Uint8Array => {
    if (typeof data === "string") return Buffer.from(data, rest[1] as BufferEncoding | undefined);
    const view = data as NodeJS.ArrayBufferView;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const place =
      typeof rest[0] === "object" ? (rest[0] as { offset?: number; length?: number } | null) : null;
    const offset = place?.offset ?? (rest[0] as number | null | undefined) ?? 0;
    const length = place?.length ?? (rest[1] as number | null | undefined) ?? bytes.length - Number(offset);
    return typeof offset === "number" ? bytes.subarray(offset, offset + length) : bytes;
  };
  const isOurs = (fd: unknown, data: unknown): fd is 1 | 2 =>
    (fd === 1 || fd === 2) && (typeof data === "string" || ArrayBuffer.isView(data));
  const put = (fd: 1 | 2, data: unknown, rest: unknown[]): number => {
    const bytes = bytesOf(data, rest);
    streams()[fd]!.write(bytes);
    return bytes.length;
  };
  fs.writeSync = ((fd: unknown, data: unknown, ...rest: unknown[]) =>
    isOurs(fd, data) ? put(fd, data, rest) : Reflect.apply(writeSync, fs, [fd, data, ...rest])) as never;
  fs.write = ((fd: unknown, data: unknown, ...rest: unknown[]) => {
    const callback = rest.at(-1);
    if (!isOurs(fd, data) || typeof callback !== "function")
      return Reflect.apply(write, fs, [fd, data, ...rest]);
    const length = put(fd, data, rest.slice(0, -1));
    process.nextTick(callback as Anything, null, length, data);
  }) as never;
}

export function captureChildOutput(): void {
  captureChildren();
  captureSyncChildren();
  captureDescriptors();
  // Modules that import the functions by name see the new ones.
  syncBuiltinESMExports();
}
