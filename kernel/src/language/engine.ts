/** The TypeScript engine: a native process with a project of virtual files, started again when it has died. */
import {
  type Checker,
  API,
  type Diagnostic,
  type Program,
  type Project,
  type Snapshot,
} from "typescript/unstable/sync";
import type { SourceFile } from "typescript/unstable/ast";

import { endWithKernel } from "./guard.js";

/** The engine's process has gone, or could not be started. */
export class EngineGone extends Error {
  override readonly name = "EngineGone";
}

export interface EngineOptions {
  readonly folder: string;
  /** The project's configuration file; virtual like every path in `files`. */
  readonly config: string;
  readonly files: Map<string, string>;
  /** Told the process id whenever a process has been started. */
  readonly onStart: (pid: number | undefined) => void;
  /** Whether a process that has gone was ended on purpose, because nobody waits for its answer any more. */
  readonly givenUp?: () => boolean;
  /** The engine's program, where it is not the one that was installed with the kernel. */
  readonly executable?: string;
}

/** What the pipe to a dead process says. An error of the engine itself is none of these. */
const GONE =
  /EPIPE|Unexpected EOF|ENOENT|ENOEXEC|EACCES|Unable to resolve|Executable not found|is closed|EBADF|EAGAIN|could not obtain/;

export class Engine {
  readonly #options: EngineOptions;
  #api: API | null = null;
  #snapshot: Snapshot | null = null;
  #letGo: () => void = () => {};

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Write a file and make the project see it. */
  write(path: string, text: string): void {
    this.#options.files.set(path, text);
    this.touch([path]);
  }

  /** Files have changed. */
  touch(paths: readonly string[]): void {
    this.#run((api) => {
      if (this.#snapshot === null) this.#open(api);
      else this.#update(api, { fileChanges: { changed: [...paths] } });
    });
  }

  /** Look at everything on the disk again: packages may have been installed. */
  refresh(): void {
    this.#run((api) => this.#update(api, { fileChanges: { invalidateAll: true } }));
  }

  open(): void {
    this.#run((api) => this.#open(api));
  }

  project<T>(use: (project: Project) => T): T {
    return this.#run((api) => {
      if (this.#snapshot === null) this.#open(api);
      const project = this.#snapshot!.getProject(this.#options.config);
      if (project === undefined) throw new Error("The engine did not load the notebook's project.");
      return use(project);
    });
  }

  program<T>(use: (program: Program, checker: Checker) => T): T {
    return this.project(({ program, checker }) => use(program, checker));
  }

  sourceFile(path: string): SourceFile {
    const file = this.program((program) => program.getSourceFile(path));
    if (file === undefined) throw new Error(`The engine does not know the file ${path}.`);
    return file;
  }

  diagnostics(path: string): {
    readonly syntactic: readonly Diagnostic[];
    readonly semantic: readonly Diagnostic[];
  } {
    return this.program((program) => {
      const syntactic = program.getSyntacticDiagnostics(path);
      return { syntactic, semantic: syntactic.length > 0 ? [] : program.getSemanticDiagnostics(path) };
    });
  }

  parseConfig(path: string): { readonly options: Readonly<Record<string, unknown>> } {
    return this.#run((api) => api.parseConfigFile(path));
  }

  close(): void {
    try {
      this.#api?.close();
    } catch {
      // It has gone already, which is what was wanted.
    }
    this.#letGo();
    this.#api = null;
    this.#snapshot = null;
  }

  /** A process that has died is started again, once for each request. */
  #run<T>(use: (api: API) => T): T {
    try {
      return use(this.#start());
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    this.close();
    // The same request would only take as long again.
    if (this.#options.givenUp?.()) throw new Error("The engine was given up.");
    try {
      return use(this.#start());
    } catch (error) {
      if (!isGone(error)) throw error;
      this.close();
      throw new EngineGone(error instanceof Error ? error.message : String(error));
    }
  }

  #start(): API {
    if (this.#api !== null) return this.#api;
    const { folder, files, onStart, executable } = this.#options;
    const api = new API({
      cwd: folder,
      ...(executable === undefined ? {} : { tsserverPath: executable }),
      fs: {
        // undefined: not ours, look on the disk.
        readFile: (name) => files.get(name),
        fileExists: (name) => (files.has(name) ? true : undefined),
      },
    });
    this.#api = api;
    const inside = api as unknown as { client?: { channel?: { child?: { pid?: number; on?: unknown } } } };
    const child = inside.client?.channel?.child as
      | {
          pid?: number;
          on(event: "error", listener: () => void): void;
          stdin?: { on(e: "error", l: () => void): void };
          kill(): boolean;
        }
      | undefined;
    // A failure is seen at the next request; without listeners it would end this thread.
    child?.on("error", () => {});
    child?.stdin?.on("error", () => {});
    // Of a process that was never there, Node 20 takes 0 for the number, which is the whole group: kernel and all.
    if (child !== undefined && child.pid === undefined) child.kill = () => false;
    if (child?.pid !== undefined) this.#letGo = endWithKernel(child.pid);
    onStart(child?.pid);
    return api;
  }

  #open(api: API): void {
    this.#update(api, { openProjects: [this.#options.config] });
  }

  #update(api: API, parameters: Parameters<API["updateSnapshot"]>[0]): void {
    const previous = this.#snapshot;
    this.#snapshot = api.updateSnapshot(parameters);
    previous?.dispose();
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && GONE.test(`${(error as NodeJS.ErrnoException).code ?? ""} ${error.message}`);
