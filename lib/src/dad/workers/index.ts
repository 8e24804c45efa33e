/** Sites in worker threads: what `import … from "cotangent/dad/workers"` offers. Node only. */
import { isMainThread, parentPort, Worker, workerData, type WorkerOptions } from "node:worker_threads";

import { OptionError } from "../../errors.js";
import type { RemoteSite } from "../participant.js";
import type { Port } from "../remote/port.js";
import { type DefineSite, RemotePart, serveOn } from "../remote/protocol.js";

export type { RemoteSite } from "../participant.js";
export { type DefineSite, type SiteDefinition, SiteGoneError } from "../remote/protocol.js";

interface WorkerSite {
  readonly cotangentSite: string;
}

/** What the two ends have in common. */
interface Line {
  on(event: "message", listener: (message: unknown) => void): unknown;
  postMessage(message: unknown): void;
}

function portOf(line: Line, close: () => Promise<unknown>): Port {
  const port: Port = {
    send: (message) => line.postMessage(message),
    onMessage: () => {},
    onEnd: () => {},
    close: async () => void (await close()),
  };
  line.on("message", (message) => port.onMessage(message));
  return port;
}

/**
 * Sites in threads of this process, each of which runs a module that calls `serveSite`. They are ended with the run.
 * @param module of JavaScript, as in `new URL("./site.js", import.meta.url)`; it calls `serveSite((name) => ({ model, optimiser, batch }))`
 * @param names one thread each
 * @param options of the worker, such as `execArgv`
 */
export function workerSites(
  module: URL,
  names: readonly string[],
  options: WorkerOptions = {},
): RemoteSite[] {
  return names.map((name) => ({
    name,
    async connect(index, method) {
      const data: WorkerSite = { cotangentSite: name };
      const worker = new Worker(module, { ...options, workerData: data });
      const port = portOf(worker, () => worker.terminate());
      worker.on("error", (error: Error) => port.onEnd(`its thread ended by ${error.name}: ${error.message}`));
      worker.on("exit", (code) => port.onEnd(`its thread exited with code ${code}`));
      const part = new RemotePart(name, index, port);
      try {
        return await part.join(method);
      } catch (error) {
        await part.close();
        throw error;
      }
    },
  }));
}

/**
 * In a module that a worker runs: be a site, until the run is over.
 * @throws OptionError outside such a worker
 */
export function serveSite<P, B>(define: DefineSite<P, B>): void {
  const data = workerData as Partial<WorkerSite> | null;
  if (isMainThread || parentPort === null || typeof data?.cotangentSite !== "string")
    throw new OptionError(
      "serveSite is for a module that workerSites starts: give its address to workerSites.",
    );
  // The coordinator ends the thread.
  serveOn(
    portOf(parentPort, () => Promise.resolve()),
    define as unknown as DefineSite,
  );
}
